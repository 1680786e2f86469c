// Makes answer files and puts settings into existing ones, without touching anything else that stands in them.
import { attributeOf, elementsOf, textOf, type XmlElement, type XmlNode, xmlAttribute, xmlElement, xmlText } from '../formats/xml/tree.ts';
import type { AnswerFile } from './model.ts';
import { COMPONENT_IDENTITY, PASSES, type Pass, UNATTEND_NAMESPACE, WCM_NAMESPACE } from './names.ts';

/** Text, a number or a truth value is a setting; an object is a group; a list of objects is a list, each item added. */
export type SettingValue = string | number | boolean | SettingGroup | readonly SettingGroup[];
export interface SettingGroup {
  readonly [name: string]: SettingValue;
}

/** What to set: pass → component → settings. */
export interface AnswerSpec {
  readonly architecture: string;
  readonly passes: { readonly [P in Pass]?: Readonly<Record<string, SettingGroup>> };
}

/** Where settings and components stand in the element tree: decides the indentation of what is inserted. */
const SETTINGS_DEPTH = 1;

/** A new answer file: UTF-8, CRLF, two spaces of indentation. */
export function answerFile(spec: AnswerSpec): AnswerFile {
  const root = xmlElement('unattend', UNATTEND_NAMESPACE, [xmlAttribute('xmlns', UNATTEND_NAMESPACE)]);
  const declaration: XmlNode = { kind: 'instruction', name: 'xml', text: 'version="1.0" encoding="utf-8"', at: undefined };
  const empty: AnswerFile = {
    document: { encoding: 'utf-8', bom: false, newline: '\r\n', before: [declaration, xmlText('\n')], root, after: [xmlText('\n')] },
  };
  return withSettings(empty, spec);
}

/**
 * The same file with the settings of `spec` in it. Settings of the same name are replaced, lists as a whole; everything else stays
 * as and where it is. A file that holds them already is given back unchanged.
 */
export function withSettings(file: AnswerFile, spec: AnswerSpec): AnswerFile {
  let root = file.document.root;
  for (const pass of PASSES) {
    const components = Object.entries(spec.passes[pass] ?? {});
    if (components.length === 0) continue;
    root = withChild(
      root,
      (child) => child.local === 'settings' && attributeOf(child, 'pass') === pass,
      newSettings(root, pass),
      0,
      (found) => {
        const wcmBound = [file.document.root, found].some((element) => attributeOf(element, 'xmlns:wcm') !== undefined);
        return components.reduce((settings, [name, group]) => withComponent(settings, name, spec.architecture, group, wcmBound), found);
      },
    );
  }
  return root === file.document.root ? file : { document: { ...file.document, root } };
}

function withComponent(settings: XmlElement, name: string, architecture: string, group: SettingGroup, wcmBound: boolean): XmlElement {
  const fits = (child: XmlElement) =>
    child.local === 'component' &&
    attributeOf(child, 'name') === name &&
    attributeOf(child, 'processorArchitecture')?.toLowerCase() === architecture;
  return withChild(settings, fits, newComponent(settings, name, architecture), SETTINGS_DEPTH, (found) => {
    const changed = withGroup(found, group, SETTINGS_DEPTH + 1);
    return changed === found || wcmBound || attributeOf(changed, 'xmlns:wcm') !== undefined ? changed : withWcm(changed);
  });
}

/** List items carry wcm:action, so the prefix must be bound somewhere around them. */
function withWcm(component: XmlElement): XmlElement {
  return { ...component, attributes: [...component.attributes, xmlAttribute('xmlns:wcm', WCM_NAMESPACE)] };
}

function withGroup(parent: XmlElement, group: SettingGroup, depth: number): XmlElement {
  return Object.entries(group).reduce((element, [name, value]) => withSetting(element, name, value, depth), parent);
}

function withSetting(parent: XmlElement, local: string, value: SettingValue, depth: number): XmlElement {
  const name = prefixed(parent, local);
  const fits = (child: XmlElement) => child.local === local;
  if (Array.isArray(value)) return withList(parent, name, value as readonly SettingGroup[], depth);
  if (typeof value === 'object') {
    return withChild(parent, fits, xmlElement(name, parent.namespace), depth, (found) =>
      withGroup(found, value as SettingGroup, depth + 1),
    );
  }
  const text = String(value);
  return withChild(parent, fits, xmlElement(name, parent.namespace), depth, (found) =>
    textOf(found).trim() === text && elementsOf(found).length === 0 ? found : { ...found, children: text === '' ? [] : [xmlText(text)] },
  );
}

function withList(parent: XmlElement, name: string, items: readonly SettingGroup[], depth: number): XmlElement {
  const local = name.slice(name.indexOf(':') + 1);
  const wanted = items.map((item) => {
    const action = [xmlAttribute('wcm:action', 'add', WCM_NAMESPACE)];
    return withGroup(xmlElement(name, parent.namespace, action), item, depth + 1);
  });
  const present = elementsOf(parent).filter((child) => child.local === local);
  if (present.length === wanted.length && present.every((element, at) => sameContent(element, wanted[at]!))) return parent;
  const cleared = present.reduce(withoutChild, parent);
  return wanted.reduce((element, item) => inserted(element, item, depth), cleared);
}

/** The parent with `change` done to the child that fits, or with a new one at its end. */
function withChild(
  parent: XmlElement,
  fits: (child: XmlElement) => boolean,
  fresh: XmlElement,
  depth: number,
  change: (child: XmlElement) => XmlElement,
): XmlElement {
  const found = elementsOf(parent).find(fits);
  if (!found) return inserted(parent, change(fresh), depth);
  const changed = change(found);
  return changed === found ? parent : { ...parent, children: parent.children.map((child) => (child === found ? changed : child)) };
}

/** Puts a child on a line of its own before the end tag. */
function inserted(parent: XmlElement, child: XmlElement, depth: number): XmlElement {
  const last = parent.children.at(-1);
  const blank = last?.kind === 'text' && last.text.trim() === '';
  const kept = blank ? parent.children.slice(0, -1) : parent.children;
  const line = (level: number) => xmlText(`\n${'  '.repeat(level)}`);
  return { ...parent, children: [...kept, line(depth + 1), child, blank ? last : line(depth)] };
}

/** Takes a child out, together with the blank text in front of it. */
function withoutChild(parent: XmlElement, child: XmlElement): XmlElement {
  const at = parent.children.indexOf(child);
  const before = parent.children[at - 1];
  const from = before?.kind === 'text' && before.text.trim() === '' ? at - 1 : at;
  return { ...parent, children: parent.children.filter((_, index) => index < from || index > at) };
}

function sameContent(a: XmlElement, b: XmlElement): boolean {
  const [inA, inB] = [elementsOf(a), elementsOf(b)];
  if (a.local !== b.local || inA.length !== inB.length) return false;
  return inA.length === 0 ? textOf(a).trim() === textOf(b).trim() : inA.every((child, at) => sameContent(child, inB[at]!));
}

function newSettings(root: XmlElement, pass: Pass): XmlElement {
  return xmlElement(prefixed(root, 'settings'), UNATTEND_NAMESPACE, [xmlAttribute('pass', pass)]);
}

function newComponent(parent: XmlElement, name: string, architecture: string): XmlElement {
  const { publicKeyToken, language, versionScope } = COMPONENT_IDENTITY;
  return xmlElement(prefixed(parent, 'component'), UNATTEND_NAMESPACE, [
    xmlAttribute('name', name),
    xmlAttribute('processorArchitecture', architecture),
    xmlAttribute('publicKeyToken', publicKeyToken),
    xmlAttribute('language', language),
    xmlAttribute('versionScope', versionScope),
    xmlAttribute('xmlns:wcm', WCM_NAMESPACE),
  ]);
}

/** A child's name in the prefix of its parent: a hand-written file may bind the namespace to one. */
function prefixed(parent: XmlElement, local: string): string {
  const colon = parent.name.indexOf(':');
  return colon < 0 ? local : `${parent.name.slice(0, colon)}:${local}`;
}
