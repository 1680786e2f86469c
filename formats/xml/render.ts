// The tree as text again: deterministic, so that parse, render, parse is the identity.
import { encodeXml } from './decode.ts';
import type { XmlAttribute, XmlDocument, XmlNode } from './tree.ts';

/** The bytes of the document in its own encoding, byte order mark and line ends. */
export function renderXml(document: XmlDocument): Uint8Array {
  const text = [...document.before, document.root, ...document.after].map(renderNode).join('');
  return encodeXml(document.newline === '\r\n' ? text.replaceAll('\n', '\r\n') : text, document.encoding, document.bom);
}

/** One node with everything below it. Trees are at most XML_MAX_DEPTH deep, so recursion is bounded. */
export function renderNode(node: XmlNode): string {
  switch (node.kind) {
    case 'element': {
      const tag = `${node.name}${node.attributes.map(renderAttribute).join('')}`;
      return node.children.length === 0 ? `<${tag} />` : `<${tag}>${node.children.map(renderNode).join('')}</${node.name}>`;
    }
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

function renderAttribute({ name, value }: XmlAttribute): string {
  // Raw line ends and tabs in an attribute would be read back as spaces (XML 1.0, 3.3.3).
  const escaped = escapeText(value).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;');
  return ` ${name}="${escaped}"`;
}

/** A carriage return that stands in the tree came from a character reference: a raw one would be read back as a line feed. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');
}
