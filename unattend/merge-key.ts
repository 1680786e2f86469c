// What makes two elements of two answer files the same one: identity of passes, components and list items.
import { attributeOf, elementsOf, textOf, type XmlElement } from '../formats/xml/tree.ts';
import { actionOf, listFacts } from './list-items.ts';
import { COMPONENT_IDENTITY, WCM_NAMESPACE } from './names.ts';

/** Depth of an element whose children are compared: the root holds passes, a pass holds components. */
export const ROOT_DEPTH = 0;
export const PASS_DEPTH = 1;

/** Items that are commands: case matters in them, and they may hold passwords. */
const COMMANDS = /^(?:run)?a?synchronouscommand$/;

export interface Keyed {
  readonly key: string;
  readonly element: XmlElement;
  /** For a list item: how a report may call it. */
  readonly label: string | undefined;
}

/** Groups that stand more than once in one of the parents: lists, though nobody says so. */
export function repeatedGroups(parents: readonly XmlElement[]): ReadonlySet<string> {
  const repeated = new Set<string>();
  for (const parent of parents) {
    const seen = new Set<string>();
    for (const element of elementsOf(parent)) {
      const name = nameOf(element);
      if (seen.has(name) && elementsOf(element).length > 0) repeated.add(name);
      seen.add(name);
    }
  }
  return repeated;
}

/** The sub-elements with their keys. The second item with one key is another item than the first: a command may run twice. */
export function keyed(parent: XmlElement, depth: number, repeated: ReadonlySet<string>): readonly Keyed[] {
  const counts = new Map<string, number>();
  const positions = new Map<string, number>();
  return elementsOf(parent).map((element) => {
    const name = nameOf(element);
    if (depth <= PASS_DEPTH)
      return { key: isFrame(element, depth) ? frameKey(element, depth) : foreignKey(element), element, label: undefined };
    if (!isItem(element) && !repeated.has(name)) return { key: name, element, label: undefined };
    const { text, label } = itemKey(element);
    const key = `${name}\n${text}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const position = (positions.get(name) ?? 0) + 1;
    positions.set(name, position);
    return { key: `${key}\n${count}`, element, label: label === undefined || count > 1 ? String(position) : label };
  });
}

/** Whether `Order` is what tells the items of this name apart: it is then no place in a row that could be counted anew. */
export function orderIsKey(element: XmlElement): boolean {
  return listFacts(element.local)?.key === 'Order';
}

/** Whether two items that are the same one cannot differ in this setting: what identifies them, and their place in the row. */
export function isSettled(item: XmlElement, setting: XmlElement): boolean {
  const local = setting.local.toLowerCase();
  if (local === 'order') return true;
  const key = keyName(item);
  return wcmAttribute(item, 'keyValue') === undefined && elementsOf(setting).length === 0 && local === key.toLowerCase();
}

/** A sub-element by its name, whatever its case. */
export function childNamed(element: XmlElement, local: string): XmlElement | undefined {
  return elementsOf(element).find((child) => child.local.toLowerCase() === local.toLowerCase());
}

/** Whether this is a pass in the root or a component in a pass; other elements there are not looked into. */
export function isFrame(element: XmlElement, depth: number): boolean {
  return element.local === (depth === ROOT_DEPTH ? 'settings' : 'component');
}

/** Everything that an element says, prefixes and blanks around values left out; `exact` keeps the blanks, `without` leaves out a setting. */
export function contentOf(element: XmlElement, how: { readonly exact?: boolean; readonly without?: string } = {}): string {
  const inner = elementsOf(element).filter((child) => child.local.toLowerCase() !== how.without);
  const text = how.exact ? textOf(element) : textOf(element).trim();
  const content =
    elementsOf(element).length === 0
      ? JSON.stringify(text)
      : inner.map((child) => contentOf(child, { exact: how.exact ?? false })).join('');
  const attributes = element.attributes
    .filter(({ name, local }) => !/^xmlns(?::|$)/.test(name) && local !== 'action')
    .map(({ namespace, local, value }) => JSON.stringify([namespace, local, value]));
  return `<${nameOf(element)}${attributes.sort().join('')}>${content}</>`;
}

function nameOf(element: XmlElement): string {
  return `${element.namespace}\t${element.local.toLowerCase()}`;
}

function isItem(element: XmlElement): boolean {
  return listFacts(element.local)?.key !== undefined || actionOf(element) !== undefined || wcmAttribute(element, 'keyValue') !== undefined;
}

/** The setting that identifies an item without wcm:keyValue. */
function keyName(item: XmlElement): string {
  return listFacts(item.local)?.key ?? 'Key';
}

function frameKey(element: XmlElement, depth: number): string {
  return depth === ROOT_DEPTH ? `${nameOf(element)}\n${attributeOf(element, 'pass')?.trim().toLowerCase()}` : componentKey(element);
}

/** `servicing` and what Windows SIM adds: groups of the same content are one, and of a lone element the first one stays. */
function foreignKey(element: XmlElement): string {
  return elementsOf(element).length > 0 ? contentOf(element) : nameOf(element);
}

/** An attribute that is left out counts as what Windows' own components have there. */
function componentKey(element: XmlElement): string {
  const value = (name: string, usual: string) => (attributeOf(element, name) ?? usual).trim().toLowerCase();
  const identity = Object.entries(COMPONENT_IDENTITY).map(([name, usual]) => value(name, usual));
  return [nameOf(element), value('name', ''), value('processorArchitecture', ''), ...identity].join('\n');
}

function itemKey(element: XmlElement): { text: string; label: string | undefined } {
  const local = element.local.toLowerCase();
  const keyValue = wcmAttribute(element, 'keyValue');
  if (keyValue !== undefined) return { text: `keyValue ${keyValue.trim().toLowerCase()}`, label: keyValue.trim() };
  const name = keyName(element);
  const setting = childNamed(element, name);
  if (!setting || elementsOf(setting).length > 0) return { text: contentOf(element, { without: 'order' }), label: undefined };
  const text = textOf(setting).trim();
  return COMMANDS.test(local) ? { text, label: undefined } : { text: text.toLowerCase(), label: `${name}=${text}` };
}

function wcmAttribute(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((attribute) => attribute.local === local && attribute.namespace === WCM_NAMESPACE)?.value;
}
