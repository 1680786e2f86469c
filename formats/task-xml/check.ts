// Whether an XML file is a task that the scheduler would take: by its schema, and by what a task of an image cannot have.
import { parseXml } from '../xml/parse.ts';
import { attributeOf, childOf, elementsOf, textOf, type XmlElement } from '../xml/tree.ts';
import { type ComplexType, type Field, type TextForm, taskTypes } from './schema.ts';
import { TASK_NAMESPACE } from './task.ts';

export interface TaskFault {
  /** In the file, from 1; 0 when it stands in no line. */
  readonly line: number;
  /** What is wrong, after the place: `<Delay>: "5 minutes" is no duration`. */
  readonly message: string;
}

/** More than these are not told. */
export const FAULTS_MAX = 20;

/** Everything that is wrong, in the order of the file, at most `FAULTS_MAX`. @throws FormatError when the bytes are no XML at all */
export function taskFaults(bytes: Uint8Array): readonly TaskFault[] {
  const { root } = parseXml(bytes);
  if (root.local !== 'Task' || root.namespace !== TASK_NAMESPACE) {
    return [{ line: root.at?.line ?? 0, message: `the root is <${root.name}>, not a <Task> of ${TASK_NAMESPACE}` }];
  }
  const faults: TaskFault[] = [];
  checkElement(root, 'task', faults);
  if (faults.length === 0) checkPrincipal(root, faults);
  return faults.toSorted((a, b) => a.line - b.line).slice(0, FAULTS_MAX);
}

/** The types nest less than ten deep, so the recursion is bounded by the table. */
function checkElement(element: XmlElement, typeName: string, faults: TaskFault[]): void {
  const type = taskTypes[typeName]!;
  const say = (at: XmlElement, message: string) => faults.push({ line: at.at?.line ?? 0, message: `<${at.name}>: ${message}` });
  checkAttributes(element, type, (message) => say(element, message));
  if (type.open) return;
  if (element.children.some((child) => (child.kind === 'text' || child.kind === 'cdata') && child.text.trim() !== '')) {
    say(element, 'holds text beside its elements');
  }
  const seen = new Map<string, number>();
  const names = Object.keys(type.fields);
  let last = 0;
  for (const child of elementsOf(element)) {
    const field = child.namespace === TASK_NAMESPACE && Object.hasOwn(type.fields, child.local) ? type.fields[child.local] : undefined;
    if (!field) {
      say(child, `is not an element of <${element.name}> (it takes ${names.join(', ') || 'none'})`);
      continue;
    }
    const slot = field.group ?? child.local;
    const count = (seen.get(slot) ?? 0) + 1;
    seen.set(slot, count);
    if (count === (field.max ?? 1) + 1) say(child, count === 2 ? 'stands there twice' : `stands there more than ${field.max} times`);
    const place = names.indexOf(child.local);
    if (type.order === 'as listed' && place < last) say(child, `must stand before <${names[last]}>`);
    last = Math.max(last, place);
    if (typeof field.is === 'object' && 'type' in field.is) checkElement(child, field.is.type, faults);
    else checkText(child, field.is, (message) => say(child, message));
  }
  checkMissing(element, type, seen, (message) => say(element, message));
}

function checkMissing(element: XmlElement, type: ComplexType, seen: ReadonlyMap<string, number>, say: (message: string) => void): void {
  const missing = new Map<string, string[]>();
  for (const [name, field] of Object.entries(type.fields)) {
    const slot = field.group ?? name;
    if (field.required && !seen.has(slot)) missing.set(slot, [...(missing.get(slot) ?? []), `<${name}>`]);
  }
  for (const choices of missing.values()) say(`misses ${choices.join(' or ')}`);
  const count = elementsOf(element).length;
  if (type.total && (count < type.total.min || count > type.total.max)) {
    say(`has ${count} elements, not ${type.total.min} to ${type.total.max}`);
  }
}

function checkAttributes(element: XmlElement, type: ComplexType, say: (message: string) => void): void {
  const known = type.attributes ?? {};
  for (const { name, local, namespace, value } of element.attributes) {
    // Declarations of namespaces, and attributes of other people's namespaces.
    if (name === 'xmlns' || name.startsWith('xmlns:') || namespace !== '') continue;
    const field: Field | undefined = Object.hasOwn(known, local) ? known[local] : undefined;
    if (!field) say(`has the attribute ${local}, which it does not take`);
    else checkValue(value, field.is as TextForm, (message) => say(`${local} ${message}`));
  }
  for (const [name, field] of Object.entries(known)) {
    if (field.required && attributeOf(element, name) === undefined) say(`misses the attribute ${name}`);
  }
}

function checkText(element: XmlElement, form: TextForm, say: (message: string) => void): void {
  const inner = elementsOf(element)[0];
  if (inner) {
    say(`holds <${inner.name}>, and only text is taken`);
    return;
  }
  for (const { local, namespace, name } of element.attributes) {
    if (namespace === '' && name !== 'xmlns' && !name.startsWith('xmlns:')) say(`has the attribute ${local}, which it does not take`);
  }
  checkValue(textOf(element), form, say);
}

const DURATION =
  /^P(?!$)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})(?:\.\d{1,9})?S)?)?$/;
const DATE_TIME =
  /^\d{4,6}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)?$/;
const PATH_MAX = 260;
const SHOWN_MAX = 60;

function checkValue(text: string, form: TextForm, say: (message: string) => void): void {
  const value = text.trim();
  const shown = JSON.stringify(value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value);
  if (typeof form !== 'string') {
    if ('oneOf' in form) {
      if (!form.oneOf.includes(text)) say(form.oneOf.length === 1 ? 'must be empty' : `${shown} is not one of ${form.oneOf.join(', ')}`);
    } else if ('from' in form) {
      if (!/^\+?\d{1,9}$/.test(value) || Number(value) < form.from || Number(value) > form.to)
        say(`${shown} is not ${form.from} to ${form.to}`);
    } else {
      const seconds = secondsOf(value);
      if (seconds === undefined) say(`${shown} is no duration (PT5M, P1D)`);
      else if (seconds < form.minSeconds || seconds > form.maxSeconds)
        say(`${shown} is ${seconds < form.minSeconds ? 'too short' : 'too long'}`);
    }
    return;
  }
  switch (form) {
    case 'any':
      return;
    case 'filled':
      if (text === '') say('is empty');
      return;
    case 'path':
      if (text === '') say('is empty');
      if (text.length > PATH_MAX) say(`has ${text.length} characters (at most ${PATH_MAX})`);
      return;
    case 'boolean':
      if (!/^(?:true|false|1|0)$/.test(value)) say(`${shown} is neither true nor false`);
      return;
    case 'duration':
      if (secondsOf(value) === undefined) say(`${shown} is no duration (PT5M, P1D)`);
      return;
    case 'dateTime':
      if (!DATE_TIME.test(value)) say(`${shown} is no date and time (2026-01-31T03:00:00)`);
      return;
    case 'guid':
      if (!/^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(text)) say(`${shown} is no GUID`);
      return;
    case 'version':
      if (!/^\d+(?:\.\d+){1,3}$/.test(text)) say(`${shown} is no version (1.2)`);
  }
}

/** Months count as 30 days, years as 365: good enough for bounds of minutes and days. */
function secondsOf(text: string): number | undefined {
  const parts = DURATION.exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) return undefined;
  const [years, months, days, hours, minutes, seconds] = parts as [number, number, number, number, number, number];
  return ((years * 365 + months * 30 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
}

/** The principal that the actions name is there; it needs no password and is no account of one machine. */
function checkPrincipal(root: XmlElement, faults: TaskFault[]): void {
  const principals = elementsOf(childOf(root, 'Principals') ?? root).filter(({ local }) => local === 'Principal');
  const actions = childOf(root, 'Actions')!;
  const context = attributeOf(actions, 'Context');
  if (context !== undefined && !principals.some((principal) => attributeOf(principal, 'id') === context)) {
    faults.push({ line: actions.at?.line ?? 0, message: `<Actions>: Context "${context}" is the id of no Principal` });
  }
  for (const principal of principals) {
    const say = (message: string) => faults.push({ line: principal.at?.line ?? 0, message: `<Principal>: ${message}` });
    const text = (name: string) => textOf(childOf(principal, name) ?? { ...principal, children: [] }).trim();
    if (/Password/.test(text('LogonType'))) say(`LogonType ${text('LogonType')} needs a password, which no task file carries`);
    if (/^S-1-5-21-/i.test(text('UserId')))
      say(`UserId ${text('UserId')} is an account of one machine or domain; the image gets other ones`);
    if (text('UserId') !== '' && text('GroupId') !== '') say('has a UserId and a GroupId, and only one of them can be');
  }
}
