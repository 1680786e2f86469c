// The house rules for what steps, rules and report formats say about themselves; every fault names the file and the repair.
import type { Catalogue, Entry } from '../../scripts/dev/catalogue.ts';
import type { Tree } from './house.ts';

type Described = { readonly id: string; readonly title: string; readonly description?: string; readonly options?: object };

/** Id = file name, a title without full stop, a description, a description for each option, texts for each message. */
export function describedFaults({ steps, rules, formats }: Catalogue): readonly string[] {
  const entries: readonly Entry<Described>[] = [...steps, ...rules, ...formats];
  return [
    ...entries.flatMap(({ id, file, item }) => [
      ...(item.id === id ? [] : [`${file}: its id is "${item.id}"; write id: '${id}' or rename the file`]),
      ...titleFaults(file, item.title),
    ]),
    ...[...steps, ...rules].flatMap(({ file, item }) => [
      ...(item.description?.trim() ? [] : [`${file}: has no description; say what it does and why`]),
      ...Object.entries(item.options).flatMap(([name, def]) => [
        ...(def.description?.trim() ? [] : [`${file}: option "${name}" has no description; write one`]),
        ...(def.required && def.default !== undefined ? [`${file}: option "${name}" is required and has a default; drop one`] : []),
      ]),
    ]),
    ...rules.flatMap(({ file, item }) => [
      ...(item.why?.trim() ? [] : [`${file}: has no why; say why its findings matter`]),
      ...(item.repair?.text.trim() ? [] : [`${file}: has no repair; say what to do, and name the step that does it`]),
      ...(/\*\*(?:Repair|Why it matters)\.\*\*/.test(item.description)
        ? [`${file}: says why or repair in its description; move it to the field`]
        : []),
      ...(/\bthe step\b/i.test(item.repair?.text ?? '') && item.repair?.step === undefined
        ? [`${file}: its repair speaks of a step and names none; write repair.step`]
        : []),
      ...(item.repair?.step === undefined || steps.some(({ id }) => id === item.repair?.step)
        ? []
        : [`${file}: repair.step names "${item.repair.step}", which is no step; correct the name`]),
    ]),
    ...rules.flatMap(({ file, item }) =>
      Object.entries(item.messages).flatMap(([id, text]) => (text.trim() ? [] : [`${file}: message "${id}" has no text; write it`])),
    ),
  ];
}

function titleFaults(file: string, title: string): readonly string[] {
  if (!title?.trim()) return [`${file}: has no title; write one line`];
  if (title.includes('\n')) return [`${file}: its title has several lines; keep one`];
  return /[.!]$/.test(title.trim()) ? [`${file}: its title ends with a full stop; drop it`] : [];
}

/** `after` names steps that exist, and no step stands after itself by any way round. */
export function afterFaults({ steps }: Pick<Catalogue, 'steps'>): readonly string[] {
  const byId = new Map(steps.map((entry) => [entry.item.id, entry]));
  return steps.flatMap(({ file, item }) => [
    ...(item.after ?? []).filter((id) => !byId.has(id)).map((id) => `${file}: after names "${id}", which is no step; correct the name`),
    ...(reaches(byId, item.id) ? [`${file}: after leads from "${item.id}" back to itself; break the cycle`] : []),
  ]);
}

function reaches(byId: ReadonlyMap<string, Entry<{ after?: readonly string[] }>>, start: string): boolean {
  const seen = new Set<string>();
  const open = [...(byId.get(start)?.item.after ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === start) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(byId.get(id)?.item.after ?? []));
  }
  return false;
}

/** Each message of a rule is expected by some case of the rule's test. */
export function messageFaults({ rules }: Pick<Catalogue, 'rules'>, tree: Tree): readonly string[] {
  return rules.flatMap(({ id, file, item }) => {
    const path = `test/rules/${id}.test.ts`;
    const test = tree.get(path);
    if (test === undefined) return []; // The missing test is a fault of its own.
    return Object.keys(item.messages)
      .filter((message) => !new RegExp(`(['"\`])${message}\\1`).test(test))
      .map((message) => `${file}: no case of ${path} expects messageId "${message}"; add a bad image that reports it`);
  });
}
