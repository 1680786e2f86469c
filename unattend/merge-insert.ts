// Puts elements of one answer file into another: indented like their neighbours, with the prefixes that are bound there.
import { type XmlAttribute, type XmlElement, type XmlNode, xmlAttribute, xmlText } from '../formats/xml/tree.ts';
import { UNATTEND_NAMESPACE } from './names.ts';
import type { Provenance } from './provenance.ts';

/** Where something goes. */
export interface Site {
  /** Indentation of the line on which the element stands; undefined when it shares its line with others. */
  readonly indent: string | undefined;
  /** One step of indentation in this file. */
  readonly unit: string;
  /** Prefix → namespace, as declared at this place; '' is the default namespace. */
  readonly scope: ReadonlyMap<string, string>;
}

/** The site of the root of a document. */
export function rootSite(root: XmlElement): Site {
  return { indent: '', unit: unitOf(root), scope: scopeOf(root, new Map()) };
}

/** The site of a sub-element; `before` is the node in front of it. */
export function siteBelow(child: XmlElement, before: XmlNode | undefined, site: Site): Site {
  return { indent: indentOf(before), unit: site.unit, scope: scopeOf(child, site.scope) };
}

/** The parent with copies of `nodes` at its end; blank text of the source is left behind. */
export function withAppended(parent: XmlElement, nodes: readonly XmlNode[], site: Site, provenance: Provenance): XmlElement {
  const indent = childIndent(parent, site);
  const copies = nodes.map((node) => copyOf(node, parent.name, { ...site, indent }, provenance));
  if (indent === undefined) return { ...parent, children: [...parent.children, ...copies] };
  const last = parent.children.at(-1);
  const blank = last?.kind === 'text' && last.text.trim() === '';
  const kept = blank ? parent.children.slice(0, -1) : parent.children;
  const closing = blank && last.text.includes('\n') ? last : xmlText(`\n${site.indent ?? ''}`);
  return { ...parent, children: [...kept, ...copies.flatMap((copy) => [xmlText(`\n${indent}`), copy]), closing] };
}

/** A copy that stands at `site` inside an element named `around`. */
export function copyOf<N extends XmlNode>(node: N, around: string, site: Site, provenance: Provenance): N {
  if (node.kind !== 'element') {
    const { source: _, ...plain } = node;
    return provenance.carry(node, { ...plain, at: undefined } as unknown as N);
  }
  return provenance.carry(node, copyElement(node, around, site, provenance) as N);
}

function copyElement(element: XmlElement, around: string, site: Site, provenance: Provenance): XmlElement {
  const parentPrefix = prefixOf(around);
  const ours = element.namespace === UNATTEND_NAMESPACE;
  const name = ours ? joined(parentPrefix, element.local) : element.name;
  const scope = new Map(site.scope);
  const attributes: XmlAttribute[] = [];
  const declare = (prefix: string, namespace: string) => {
    scope.set(prefix, namespace);
    attributes.push(xmlAttribute(prefix === '' ? 'xmlns' : `xmlns:${prefix}`, namespace));
  };
  if (!ours && scope.get(prefixOf(name)) !== element.namespace && !(element.namespace === '' && !scope.get(''))) {
    declare(prefixOf(name), element.namespace);
  }
  const declarations = element.attributes.filter((attribute) => attribute.name.startsWith('xmlns:'));
  const others = element.attributes.filter(({ name: given }) => given !== 'xmlns' && !given.startsWith('xmlns:'));
  const declarationsLast: XmlAttribute[] = [];
  for (const { local: prefix, value } of declarations) {
    // The prefix of the element around must keep its meaning: the copies of our own namespace are named with it.
    if (value === UNATTEND_NAMESPACE || scope.get(prefix) === value || prefix === parentPrefix || prefix === prefixOf(name)) continue;
    scope.set(prefix, value);
    declarationsLast.push(xmlAttribute(`xmlns:${prefix}`, value));
  }
  for (const attribute of others) {
    const { namespace, local } = attribute;
    if (namespace === '' || attribute.name.startsWith('xml:')) attributes.push(attribute);
    else attributes.push({ ...attribute, name: joined(boundPrefix(attribute, scope, declare), local) });
  }
  attributes.push(...declarationsLast);
  return { kind: 'element', name, local: element.local, namespace: element.namespace, attributes, at: undefined, children: inner() };

  function inner(): readonly XmlNode[] {
    const below = { ...site, scope, indent: site.indent === undefined ? undefined : site.indent + site.unit };
    const group = element.children.some((child) => child.kind === 'element');
    const kept = group ? element.children.filter((child) => child.kind !== 'text' || child.text.trim() !== '') : element.children;
    const copies = kept.map((child) => copyOf(child, name, below, provenance));
    if (!group || below.indent === undefined) return copies;
    return [...copies.flatMap((copy) => [xmlText(`\n${below.indent}`), copy]), xmlText(`\n${site.indent}`)];
  }
}

/** A prefix that means the attribute's namespace here; its own if that is free, else a new one. */
function boundPrefix(attribute: XmlAttribute, scope: Map<string, string>, declare: (prefix: string, namespace: string) => void): string {
  const own = prefixOf(attribute.name);
  if (scope.get(own) === attribute.namespace) return own;
  const bound = [...scope].find(([prefix, namespace]) => prefix !== '' && namespace === attribute.namespace);
  if (bound) return bound[0];
  let free = own;
  for (let count = 1; scope.has(free); count++) free = `${own}${count}`;
  declare(free, attribute.namespace);
  return free;
}

function scopeOf(element: XmlElement, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const own = element.attributes.filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (own.length === 0) return outer;
  return new Map([...outer, ...own.map(({ name, value }) => [name === 'xmlns' ? '' : name.slice('xmlns:'.length), value] as const)]);
}

/** Indentation for a new child: that of the children that are there, or one step more than the parent's. */
function childIndent(parent: XmlElement, site: Site): string | undefined {
  const at = parent.children.findIndex((child) => child.kind === 'element' || child.kind === 'comment');
  if (at >= 0) return indentOf(parent.children[at - 1]);
  return site.indent === undefined ? undefined : site.indent + site.unit;
}

/** The blanks between the line's start and what stands behind `before`, or undefined when something else stands there. */
function indentOf(before: XmlNode | undefined): string | undefined {
  if (before?.kind !== 'text' || !/\n[ \t]*$/.test(before.text)) return undefined;
  return before.text.slice(before.text.lastIndexOf('\n') + 1);
}

/** One step: what the first child that is indented has more than its parent. Two spaces when nothing says it. */
function unitOf(root: XmlElement): string {
  let indent = '';
  let parent: XmlElement | undefined = root;
  for (let depth = 0; parent && depth < 4; depth++) {
    const at: number = parent.children.findIndex((child) => child.kind === 'element' && child.children.length > 0);
    const own = at < 0 ? undefined : indentOf(parent.children[at - 1]);
    if (own === undefined) break;
    if (own.length > indent.length && own.startsWith(indent)) return own.slice(indent.length);
    indent = own;
    parent = parent.children[at] as XmlElement;
  }
  return '  ';
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(':')));
}

function joined(prefix: string, local: string): string {
  return prefix === '' ? local : `${prefix}:${local}`;
}
