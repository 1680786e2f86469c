// The XML data of a WIM: what it says about each image. Plain view only; the raw bytes stay with the caller.
import { parseString } from 'xml2js';
import { FormatError, utf16 } from '../bytes.ts';

const FORMAT = 'WIM XML data';

/** Real ones have a few KiB for each image. */
export const XML_BYTES_MAX = 8 * 1024 * 1024;
/** An element of WIM XML lies at most six deep. */
const XML_DEPTH_MAX = 32;
/** Longer texts are cut: they go into reports. */
const TEXT_MAX = 1024;

export interface WimXmlImage {
  readonly index: number;
  readonly name: string;
  /** WINDOWS/EDITIONID, '' when absent. */
  readonly edition: string;
  /** WINDOWS/ARCH, a PROCESSOR_ARCHITECTURE_* number. */
  readonly architecture: number | undefined;
  /** WINDOWS/VERSION/BUILD, 0 when absent. */
  readonly build: number;
  readonly folders: number;
  readonly files: number;
  readonly bytes: number;
}

interface Element {
  readonly $?: Readonly<Record<string, string>>;
  readonly [child: string]: unknown;
}

/** Reads the images in the order of their INDEX. UTF-16LE with a byte order mark; document types and entities are refused unread. */
export function parseWimXml(data: Uint8Array): WimXmlImage[] {
  if (data.length > XML_BYTES_MAX) throw new FormatError(FORMAT, `has ${data.length} bytes (at most ${XML_BYTES_MAX} are read)`);
  if (data.length < 2 || data[0] !== 0xff || data[1] !== 0xfe) throw new FormatError(FORMAT, 'is not UTF-16LE with a byte order mark', 0);
  // Some writers end with a NUL; XML has none.
  const text = utf16(data.subarray(2)).replace(/\0+$/, '');
  refuseDeclarations(text);
  const root = parse(text);
  const images = elements(root['IMAGE']).map(imageOf);
  images.sort((a, b) => a.index - b.index);
  images.forEach((image, at) => {
    if (image.index !== at + 1) throw new FormatError(FORMAT, `image ${at + 1} is missing or there twice`);
  });
  return images;
}

/** Comments and CDATA are the only things that may begin with `<!`. */
function refuseDeclarations(text: string): void {
  for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', at + 2)) {
    if (!text.startsWith('<!--', at) && !text.startsWith('<![CDATA[', at))
      throw new FormatError(FORMAT, 'holds a document type or entity declaration', at);
  }
  let depth = 0;
  for (const tag of text.matchAll(/<(\/?)[A-Za-z_:][^<>]{0,4096}?(\/?)>/g)) {
    if (tag[1]) depth--;
    else if (!tag[2]) depth++;
    if (depth > XML_DEPTH_MAX) throw new FormatError(FORMAT, `elements are nested more than ${XML_DEPTH_MAX} deep`, tag.index);
  }
}

function parse(text: string): Element {
  let fault: Error | null = null;
  let result: unknown;
  try {
    parseString(text, { async: false, explicitRoot: true, explicitArray: true }, (error, parsed) => {
      fault ??= error;
      result = parsed;
    });
  } catch (error) {
    fault ??= error as Error; // after the first fault the parser throws the next one
  }
  if (fault) throw new FormatError(FORMAT, `is not well-formed (${(fault as Error).message.split('\n')[0]})`);
  const root = (result as Record<string, unknown> | null)?.['WIM'];
  if (root === undefined) throw new FormatError(FORMAT, 'has no WIM element');
  // An element without children and attributes comes as a string.
  return typeof root === 'object' && root !== null ? (root as Element) : {};
}

function imageOf(image: Element): WimXmlImage {
  const windows = elements(image['WINDOWS'])[0];
  const version = elements(windows?.['VERSION'])[0];
  return {
    index: whole(image.$?.['INDEX']) ?? 0,
    name: textOf(image['NAME']),
    edition: textOf(windows?.['EDITIONID']),
    architecture: whole(textOf(windows?.['ARCH'])),
    build: whole(textOf(version?.['BUILD'])) ?? 0,
    folders: whole(textOf(image['DIRCOUNT'])) ?? 0,
    files: whole(textOf(image['FILECOUNT'])) ?? 0,
    bytes: whole(textOf(image['TOTALBYTES'])) ?? 0,
  };
}

function elements(value: unknown): Element[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === 'object' && item !== null ? (item as Element) : {})) : [];
}

/** Text of the first such child: a string, or `_` when it has attributes. Control characters would reach the terminal. */
function textOf(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  const text = typeof first === 'string' ? first : (first as { _?: unknown } | undefined)?._;
  return typeof text === 'string'
    ? text
        .slice(0, TEXT_MAX)
        .replace(/[\x00-\x1f\x7f-\x9f]/g, '\ufffd')
        .trim()
    : '';
}

function whole(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
