// Edits the XML of a WIM as text: the counts and the time of one image, the total, which images are listed. All else stays byte for byte.
import sax from 'sax';
import { FormatError, utf16, utf16Bytes } from '../bytes.ts';
import { fileTimeXml } from './filetime.ts';
import type { TreeStatistics } from './references.ts';

export interface XmlEdit {
  /** The image whose numbers change. */
  readonly index: number;
  readonly statistics: TreeStatistics;
  readonly time: bigint; // FILETIME
  /** Where the blob table ends: what the WIM's own TOTALBYTES says. */
  readonly totalBytes: number;
  /** 'built': only this image stays, as image 1. */
  readonly images: 'built' | 'all';
}

const FORMAT = 'WIM XML';

interface Span {
  readonly start: number;
  end: number;
}

interface Element extends Span {
  readonly name: string;
  readonly contentStart: number;
  contentEnd: number;
  readonly empty: boolean; // written as <NAME/>
}

interface ImageElement extends Element {
  readonly index: number;
  readonly indexText: Span; // the value inside its quotes
  readonly children: Element[];
}

interface Layout {
  readonly root: Element;
  readonly totalBytes: Element | undefined;
  readonly images: readonly ImageElement[];
}

/** @throws FormatError when the XML is not well-formed or does not list the image exactly once. */
export function editXml(raw: Uint8Array, edit: XmlEdit): Uint8Array {
  const text = utf16(raw);
  const layout = layoutOf(text);
  const [image, second] = layout.images.filter((element) => element.index === edit.index);
  if (!image) throw new FormatError(FORMAT, `image ${edit.index} is not listed`);
  if (second) throw new FormatError(FORMAT, `image ${edit.index} is listed twice`);
  const changes: { readonly at: Span; readonly text: string }[] = [];
  const set = (parent: Element, child: Element | undefined, name: string, content: string) => {
    const whole = `<${name}>${content}</${name}>`;
    if (child?.empty) changes.push({ at: child, text: whole });
    else if (child) changes.push({ at: { start: child.contentStart, end: child.contentEnd }, text: content });
    else changes.push({ at: { start: parent.contentEnd, end: parent.contentEnd }, text: whole });
  };
  if (image.empty) throw new FormatError(FORMAT, `image ${edit.index} has no content`);
  const { folders, files, bytes, hardLinkBytes } = edit.statistics;
  const numbers = { DIRCOUNT: folders, FILECOUNT: files, TOTALBYTES: bytes, HARDLINKBYTES: hardLinkBytes };
  const childOf = (name: string) => image.children.find((child) => child.name === name);
  for (const [name, value] of Object.entries(numbers)) set(image, childOf(name), name, String(value));
  set(image, childOf('LASTMODIFICATIONTIME'), 'LASTMODIFICATIONTIME', fileTimeXml(edit.time));
  set(layout.root, layout.totalBytes, 'TOTALBYTES', String(edit.totalBytes));
  if (edit.images === 'built') {
    for (const other of layout.images) if (other !== image) changes.push({ at: other, text: '' });
    changes.push({ at: image.indexText, text: '1' });
  }
  return utf16Bytes(applied(text, changes));
}

function applied(text: string, changes: readonly { readonly at: Span; readonly text: string }[]): string {
  // Insertions at one place keep their order: sort is stable.
  const sorted = changes.map((change) => change).sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);
  let edited = '';
  let position = 0;
  for (const change of sorted) {
    edited += text.slice(position, change.at.start) + change.text;
    position = change.at.end;
  }
  return edited + text.slice(position);
}

function layoutOf(text: string): Layout {
  const parser = sax.parser(true);
  // sax counts what it was given: the mark in front is not part of it.
  const shift = text.startsWith('\ufeff') ? 1 : 0;
  const open: Element[] = [];
  const images: ImageElement[] = [];
  let root: Element | undefined;
  let totalBytes: Element | undefined;
  let indexText: Span | undefined;
  parser.onerror = (error) => {
    throw new FormatError(FORMAT, `is not well-formed (${error.message.split('\n')[0]})`);
  };
  parser.onopentagstart = () => {
    indexText = undefined;
  };
  parser.onattribute = ({ name }) => {
    if (name !== 'INDEX') return;
    const end = parser.position + shift - 1; // the closing quote
    indexText = { start: text.lastIndexOf(text[end]!, end - 1) + 1, end };
  };
  parser.onopentag = (tag) => {
    const at = parser.position + shift;
    const element: Element = {
      name: tag.name,
      start: parser.startTagPosition + shift - 1,
      end: at,
      contentStart: at,
      contentEnd: at,
      empty: tag.isSelfClosing,
    };
    const parent = open.at(-1);
    if (open.length === 0) root = element;
    if (open.length === 1 && tag.name === 'TOTALBYTES') totalBytes ??= element;
    if (open.length === 1 && tag.name === 'IMAGE') {
      const value = tag.attributes.INDEX;
      if (!indexText || typeof value !== 'string') throw new FormatError(FORMAT, 'an image has no INDEX');
      const image: ImageElement = Object.assign(element, { index: Number(value), indexText, children: [] });
      images.push(image);
    }
    if (open.length === 2 && parent?.name === 'IMAGE') (parent as ImageElement).children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => {
    const element = open.pop();
    if (!element) return;
    if (!element.empty) element.contentEnd = parser.startTagPosition + shift - 1;
    element.end = parser.position + shift;
  };
  // Some writers end with a NUL, which XML knows nothing of; it stays where it is.
  parser.write(text.slice(shift).replace(/\0+$/, '')).close();
  if (root?.name !== 'WIM' || root.empty) throw new FormatError(FORMAT, 'has no WIM element');
  return { root, totalBytes, images };
}
