// The tree as text again: deterministic, so that parse, render, parse is the identity.
import { encodeXml } from './decode.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './tree.ts';

/** The bytes of the document in its own encoding, byte order mark and line ends; what was parsed and not changed comes out as it was. */
export function renderXml(document: XmlDocument): Uint8Array {
  const text = [...document.before, document.root, ...document.after].map((node) => renderNode(node, document.newline)).join('');
  return encodeXml(text, document.encoding, document.bom);
}

/** One node with everything below it. Trees are at most XML_MAX_DEPTH deep, so recursion is bounded. */
export function renderNode(node: XmlNode, newline: '\n' | '\r\n' = '\n'): string {
  if (node.kind === 'element') {
    const { open, close } = tagsOf(node, newline);
    return `${open}${node.children.map((child) => renderNode(child, newline)).join('')}${close}`;
  }
  if (node.source && node.source.of === node.text) return node.source.raw;
  return withNewline(renderLeaf(node), newline);
}

function tagsOf(element: XmlElement, newline: '\n' | '\r\n'): { open: string; close: string } {
  const { source, children } = element;
  if (source === undefined || source.of !== element.attributes) {
    const open = withNewline(renderOpenTag(element), newline);
    return { open, close: children.length === 0 ? '' : `</${element.name}>` };
  }
  const opened = children.length > 0 && source.close === '';
  return opened ? { open: source.open.replace(/\s*\/>$/, '>'), close: `</${element.name}>` } : source;
}

/** The start tag of an element as we write it; that of an element without content closes it at once. */
export function renderOpenTag(element: XmlElement): string {
  return `<${element.name}${element.attributes.map(renderAttribute).join('')}${element.children.length === 0 ? ' />' : '>'}`;
}

/** A node that is no element, as we write it. */
export function renderLeaf(node: Exclude<XmlNode, XmlElement>): string {
  switch (node.kind) {
    case 'text':
      return escapeText(node.text);
    case 'cdata':
      return `<![CDATA[${node.text}]]>`;
    case 'comment':
      return `<!--${node.text}-->`;
    case 'instruction':
      return node.text === '' ? `<?${node.name}?>` : `<?${node.name} ${node.text}?>`;
  }
}

/** Made text has line feeds only. */
export function withNewline(text: string, newline: '\n' | '\r\n'): string {
  return newline === '\r\n' ? text.replaceAll('\n', '\r\n') : text;
}

function renderAttribute({ name, value }: XmlAttribute): string {
  // Raw line ends and tabs in an attribute would be read back as spaces (XML 1.0, 3.3.3).
  const escaped = escapeText(value).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;');
  return ` ${name}="${escaped}"`;
}

/** A carriage return that stands in the tree came from a character reference: a raw one would be read back as a line feed. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');
}
