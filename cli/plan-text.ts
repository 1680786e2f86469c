// How a plan and the changes of its steps are shown.
import type { Colors } from 'picocolors/types.js';
import { locationText } from '../lint/location.ts';
import { describeSteps, type PlanResult, type StepDescription } from '../pipeline/build.ts';
import type { ChangeDescription } from '../pipeline/describe.ts';
import { describePlan } from '../pipeline/plan.ts';
import { workDigest } from '../pipeline/saved-plan.ts';
import type { Io } from './command.ts';
import { printable } from './printable.ts';

/** The machine-readable form of a plan with what each step would change. */
export function planJson(result: PlanResult): string {
  const { plan, image, run } = result;
  const steps = describeSteps(run.steps);
  return `${JSON.stringify({ schema: 'wtgforge/plan@1', plan: describePlan(plan), image, steps, work: workDigest(run) }, null, 2)}\n`;
}

export function printPlan(result: PlanResult, json: boolean, io: Io): void {
  if (json) {
    io.out(planJson(result));
    return;
  }
  const { plan, image, run } = result;
  const { bold, dim } = io.colours;
  io.out(
    `${bold('image ')} ${printable(plan.image.path)}, index ${plan.image.index}: ${printable(image.name)} (${printable(image.edition)}, build ${image.build}, ${image.architecture})\n`,
  );
  io.out(`${bold('output')} ${printable(plan.output.path)} (${plan.output.images === 'built' ? 'the built image only' : 'all images'})\n`);
  if (plan.packing) io.out(`${bold('format')} ${plan.packing.format.toUpperCase()}: ${plan.packing.cost}\n`);
  io.out(stepTable(describeSteps(run.steps), io.colours));
  io.out(`${dim(`plan ${plan.digest}`)}\n`);
}

/** A block for each step: its changes before → after, its notes, or why it was skipped. */
export function stepTable(steps: readonly StepDescription[], colours: Colors): string {
  const { bold, dim } = colours;
  const lines: string[] = [];
  for (const { step, title, skipped, unforeseen, changes, attachments, notes, traces } of steps) {
    lines.push('', `${bold(step)}  ${dim(title)}`);
    if (skipped !== undefined) lines.push(`  skipped: ${printable(skipped)}`);
    else if (unforeseen && changes.length === 0) lines.push('  runs a program of yours: what it changes is known only after a build');
    else if (changes.length + attachments.length === 0) lines.push('  nothing to change');
    lines.push(...changes.flatMap(changeLines));
    lines.push(...attachments.map((name) => `  + ${name}, beside the output`), ...notes.map((note) => `  note: ${printable(note)}`));
    lines.push(...traces.map(({ rule, at, message }) => `  trace of ${rule}: ${printable(`${locationText(at)}: ${message}`)}`));
  }
  return `${lines.join('\n')}\n`;
}

const SIGNS: Readonly<Record<ChangeDescription['kind'], string>> = {
  write: '+',
  remove: '-',
  'set-value': '=',
  'delete-value': '-',
  'make-key': '+',
  'remove-key': '-',
};

/** A terminal takes that many; the JSON has all of them. */
const PARTS_SHOWN = 60;
const VALUE_SHOWN = 120;

/** One line for the change, and one below it for each node, value or file inside of it. */
function changeLines({ kind, at, before, after, type, typeBefore, form, parts = [], moreParts = 0 }: ChangeDescription): readonly string[] {
  const moves = typeBefore !== undefined;
  const what = form ?? (moves ? undefined : type);
  const change = moves ? arrow(`${typeBefore} ${before}`, `${type} ${after}`) : arrow(before, after);
  const hidden = Math.max(0, parts.length - PARTS_SHOWN) + moreParts;
  return [
    `  ${SIGNS[kind]} ${printable(`${at}  ${what === undefined ? '' : `${what} `}${change}`)}`,
    ...parts.slice(0, PARTS_SHOWN).map((part) => `      ${printable(`${part.at}  ${arrow(part.before, part.after)}`)}`),
    ...(hidden > 0 ? [`      … and ${hidden} more (--json lists them)`] : []),
  ];
}

/** What comes alone when nothing was there, `→ (gone)` when nothing stays. */
function arrow(before: string | undefined, after: string | undefined): string {
  const [old, now] = [before, after].map((text) => (text && text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text));
  return old === undefined ? (now ?? '') : `${old} → ${now ?? '(gone)'}`;
}
