// XML text into the lossless tree, on the strict parser of sax: no DTD, no entities of its own, depth and size bounded.
import sax from 'sax';
import { FormatError } from '../bytes.ts';
import { decodeXml } from './decode.ts';
import { renderLeaf, renderOpenTag, withNewline } from './render.ts';
import type { Position, XmlAttribute, XmlDocument, XmlElement, XmlNode } from './tree.ts';

/** Real answer files and tasks nest less than 12 deep. */
export const XML_MAX_DEPTH = 100;
/** Nodes and attributes together: keeps the tree of a 16 MB file of empty elements from eating the memory. */
export const XML_MAX_NODES = 400_000;

/** sax looks through the attributes of an element for each new one, so an element of 300,000 of them would take minutes. */
export const XML_MAX_ATTRIBUTES = 256;
/** What sax gets at once: after each piece the number of attributes is looked at. */
const PIECE = 16 * 1024;

/** What the types of sax leave out. */
type Parser = sax.SAXParser & { attribList: readonly unknown[]; bufferCheckPosition: number };

interface OpenElement {
  readonly element: Omit<XmlElement, 'children' | 'kind' | 'source'>;
  readonly tag: string;
  readonly selfClosing: boolean;
  readonly children: XmlNode[];
}

/** @throws FormatError with line and column in its message. */
export function parseXml(bytes: Uint8Array): XmlDocument {
  const { text, encoding, bom } = decodeXml(bytes);
  const crlf = text.includes('\r\n');
  const newline = crlf ? '\r\n' : '\n';
  const tree = new TreeBuilder(text, newline);
  tree.run();
  const { before, root, after } = tree;
  if (!root) throw new FormatError('XML', 'has no root element');
  return { encoding, bom, newline, before, root, after };
}

class TreeBuilder {
  readonly before: XmlNode[] = [];
  readonly after: XmlNode[] = [];
  root: XmlElement | undefined;
  /** With line feeds only, as XML 1.0, 2.11 wants it read. */
  private readonly source: string;
  private readonly lineStarts: number[] = [0];
  /** The text with its own line ends, and where its lines start: what is not changed is written again as it stands here. */
  private readonly original: string;
  private readonly originalStarts: number[] = [0];
  private readonly newline: '\n' | '\r\n';
  private readonly open: OpenElement[] = [];
  private attributes: XmlAttribute[] = [];
  private readonly names = new Set<string>();
  private nodes = 0;
  /** Where the last node ended: text begins there. */
  private end = 0;

  constructor(original: string, newline: '\n' | '\r\n') {
    this.original = original;
    this.newline = newline;
    for (const { index, 0: end } of original.matchAll(/\r\n?|\n/g)) this.originalStarts.push(index + end.length);
    const source = original.replace(/\r\n?/g, '\n');
    this.source = source;
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
  }

  run(): void {
    const illegal = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.exec(this.source);
    if (illegal) this.fail('has a character that XML does not allow', illegal.index);
    // strictEntities (only the five entities of XML) is missing in the types of sax.
    const options: sax.SAXOptions & { strictEntities: boolean } = { xmlns: true, strictEntities: true, position: true };
    const parser = sax.parser(true, options) as Parser;
    // sax refuses comments and values over 64 KiB when it gets its text in pieces; ours is bounded as a whole.
    parser.bufferCheckPosition = Number.POSITIVE_INFINITY;
    const started = () => parser.startTagPosition - 1;
    const ended = () => {
      this.end = parser.position;
    };
    parser.onerror = (error) => this.fail(wording(error.message), parser.position - 1);
    parser.ondoctype = () => this.fail('has a DTD, which is not read', this.source.search(/<!DOCTYPE/i));
    parser.onopentagstart = () => {
      if (this.open.length >= XML_MAX_DEPTH) this.fail(`nests deeper than ${XML_MAX_DEPTH} elements`, started());
      if (this.root) this.fail('has a second root element', started());
      this.gap(started());
      this.attributes = [];
      this.names.clear();
    };
    parser.onattribute = (given) => {
      const attribute = given as sax.QualifiedAttribute;
      this.count();
      if (this.names.has(attribute.name)) this.fail(`has the attribute ${attribute.name} twice`, started());
      this.names.add(attribute.name);
      if (this.names.size > XML_MAX_ATTRIBUTES) this.tooManyAttributes(started());
      this.attributes.push({ name: attribute.name, local: attribute.local, namespace: attribute.uri ?? '', value: attribute.value });
    };
    parser.onopentag = (given) => {
      const tag = given as sax.QualifiedTag;
      this.count();
      const at = this.place(started());
      this.open.push({
        element: { name: tag.name, local: tag.local, namespace: tag.uri ?? '', attributes: this.attributes, at },
        tag: this.raw(started(), parser.position),
        selfClosing: tag.isSelfClosing,
        children: [],
      });
      ended();
    };
    parser.onclosetag = () => {
      this.gap(started());
      const closed = this.open.pop()!;
      const plain: XmlElement = { kind: 'element', ...closed.element, children: closed.children };
      const close = closed.selfClosing ? '' : this.raw(started(), parser.position);
      const usual =
        closed.tag === withNewline(renderOpenTag(plain), this.newline) && close === (closed.children.length > 0 ? `</${plain.name}>` : '');
      const element: XmlElement = usual ? plain : { ...plain, source: { open: closed.tag, close, of: plain.attributes } };
      const parent = this.open.at(-1);
      if (parent) parent.children.push(element);
      else this.root = element;
      ended();
    };
    let closing = false;
    // sax gives the text when it sees the tag behind it, or at the end.
    parser.ontext = (text) => {
      const from = this.end;
      this.end = closing ? this.source.length : started();
      this.add({ kind: 'text', text, at: this.place(from) }, from, this.end);
    };
    let cdata = '';
    parser.onopencdata = () => {
      cdata = '';
      this.gap(started());
    };
    parser.oncdata = (text) => {
      cdata += text;
    };
    parser.onclosecdata = () => {
      this.add({ kind: 'cdata', text: cdata, at: this.place(started()) }, started(), parser.position);
      ended();
    };
    parser.oncomment = (text) => {
      this.gap(started());
      // sax speaks up at the dashes, before it has seen the bracket.
      this.end = this.source.indexOf('>', parser.position - 1) + 1;
      this.add({ kind: 'comment', text, at: this.place(started()) }, started(), this.end);
    };
    parser.onprocessinginstruction = ({ name, body }) => {
      this.gap(started());
      if (name.toLowerCase() === 'xml' && started() !== 0) this.fail('has an XML declaration that is not at its start', started());
      this.add({ kind: 'instruction', name, text: body, at: this.place(started()) }, started(), parser.position);
      ended();
    };
    try {
      for (let at = 0; at < this.source.length; at += PIECE) {
        parser.write(this.source.slice(at, at + PIECE));
        if (parser.attribList.length > XML_MAX_ATTRIBUTES) this.tooManyAttributes(started());
      }
      closing = true;
      parser.close();
      this.gap(this.source.length);
    } catch (error) {
      if (error instanceof FormatError) throw error;
      if (error instanceof RangeError) this.fail('has a character reference that names no character', parser.position - 1);
      throw error;
    }
  }

  private add(node: Exclude<XmlNode, XmlElement>, from: number, to: number): void {
    this.count();
    const siblings = this.open.at(-1)?.children ?? (this.root ? this.after : this.before);
    const last = siblings.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') {
      const text = last.text + node.text;
      siblings[siblings.length - 1] = this.written({ ...last, text }, `${last.source?.raw ?? this.usual(last)}${this.raw(from, to)}`);
    } else {
      siblings.push(this.written(node, this.raw(from, to)));
    }
  }

  /** What sax says nothing of: blanks before the first node, and empty comments. */
  private gap(to: number): void {
    if (this.end >= to) return;
    let from = this.end;
    this.end = to;
    for (const piece of this.source.slice(from, to).split(/(<!---->)/)) {
      const at = this.place(from);
      if (piece === '<!---->') this.add({ kind: 'comment', text: '', at }, from, from + piece.length);
      else if (piece !== '') this.add({ kind: 'text', text: piece, at }, from, from + piece.length);
      from += piece.length;
    }
  }

  /** The node with the way it was written, when that is not ours. */
  private written<N extends Exclude<XmlNode, XmlElement>>(node: N, raw: string): N {
    return raw === this.usual(node) ? node : { ...node, source: { raw, of: node.text } };
  }

  private usual(node: Exclude<XmlNode, XmlElement>): string {
    return withNewline(renderLeaf(node), this.newline);
  }

  /** A piece of the original by its offsets in the source. */
  private raw(from: number, to: number): string {
    const offset = (at: number) => {
      const { line, column } = this.place(at);
      return this.originalStarts[line - 1]! + column - 1;
    };
    return this.original.slice(offset(from), offset(to));
  }

  private count(): void {
    if (++this.nodes > XML_MAX_NODES) throw new FormatError('XML', `has more than ${XML_MAX_NODES} nodes`);
  }

  private tooManyAttributes(offset: number): never {
    this.fail(`has an element with more than ${XML_MAX_ATTRIBUTES} attributes`, offset);
  }

  private place(offset: number): Position {
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.lineStarts[low]! + 1 };
  }

  private fail(what: string, offset: number): never {
    const { line, column } = this.place(Math.max(0, Math.min(offset, this.source.length)));
    throw new FormatError('XML', `line ${line}, column ${column}: ${what}`);
  }
}

/** What the author of the file must know, for the faults that people make; sax's own words for the rest. */
const WORDS: Readonly<Record<string, string>> = {
  'Invalid character in entity name': 'has a bare "&", which must be written &amp;',
  'Invalid character entity': 'has an entity or character reference that XML does not know (a bare "&" must be written &amp;)',
  'Unquoted attribute value': 'has an attribute value without quotes',
  'Unexpected close tag': 'has an end tag that closes no open element',
  'Unclosed root tag': 'ends before its elements are closed (the file may be cut)',
  'Non-whitespace before first tag': 'has text before its first element (a template that was not filled in?)',
  'Text data outside of root node': 'has text behind its root element',
  'No whitespace between attributes': 'has two attributes without a space between them (a stray quote?)',
  'Invalid attribute name': 'has something in a tag that is no attribute (a stray quote, a missing space?)',
  'Unencoded <': 'has a bare "<", which must be written &lt;',
  'Malformed comment': 'has a comment that holds "--"',
};

/** sax says what is wrong in its first line, and adds its own position lines. */
function wording(message: string): string {
  const first = message.split('\n')[0]!.replace(/\.$/, '');
  return WORDS[first] ?? first.charAt(0).toLowerCase() + first.slice(1);
}
