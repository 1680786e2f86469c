// An XML document as a lossless ordered tree: elements, attributes, text, CDATA, comments and instructions, each with its place in the source.

/** Where a node begins in the text it was parsed from; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface XmlAttribute {
  readonly name: string; // as written, with its prefix
  readonly local: string;
  readonly namespace: string; // '' when it has none
  readonly value: string;
}

export interface XmlElement {
  readonly kind: 'element';
  readonly name: string; // as written, with its prefix
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** undefined for a node that was made, not parsed. */
  readonly at: Position | undefined;
  /** The tags as they were written, when we would write them otherwise; good as long as the attributes are those of `of`. */
  readonly source?: { readonly open: string; readonly close: string; readonly of: readonly XmlAttribute[] };
}

export interface XmlLeaf {
  readonly kind: 'text' | 'cdata' | 'comment';
  readonly text: string;
  readonly at: Position | undefined;
  /** The node as it was written, when we would write it otherwise; good as long as its text is `of`. */
  readonly source?: { readonly raw: string; readonly of: string };
}

export interface XmlInstruction {
  readonly kind: 'instruction';
  readonly name: string;
  readonly text: string;
  readonly at: Position | undefined;
  readonly source?: { readonly raw: string; readonly of: string };
}

export type XmlNode = XmlElement | XmlLeaf | XmlInstruction;

export type XmlEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface XmlDocument {
  readonly encoding: XmlEncoding;
  readonly bom: boolean;
  /** How the source ends its lines; in the tree every line end is a line feed. */
  readonly newline: '\n' | '\r\n';
  /** Comments, instructions (the XML declaration too) and blank text around the root. */
  readonly before: readonly XmlNode[];
  readonly root: XmlElement;
  readonly after: readonly XmlNode[];
}

/** The sub-elements, in order. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child.kind === 'element');
}

/** The first sub-element of that local name. */
export function childOf(element: XmlElement, local: string): XmlElement | undefined {
  return elementsOf(element).find((child) => child.local === local);
}

/** The text and CDATA right inside an element, joined. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (child.kind === 'text' || child.kind === 'cdata' ? child.text : '')).join('');
}

/** The value of an attribute by its name as written, or undefined. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

export function xmlText(text: string): XmlLeaf {
  return { kind: 'text', text, at: undefined };
}

/** A new element in a namespace that is already declared around it. */
export function xmlElement(
  name: string,
  namespace: string,
  attributes: readonly XmlAttribute[] = [],
  children: readonly XmlNode[] = [],
): XmlElement {
  return { kind: 'element', name, local: localName(name), namespace, attributes, children, at: undefined };
}

export function xmlAttribute(name: string, value: string, namespace = ''): XmlAttribute {
  return { name, local: localName(name), namespace, value };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
