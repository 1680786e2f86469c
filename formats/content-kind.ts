// What kind of container of other files a content is, by its first bytes: cheap enough to be asked of every content of an image.

/** How much of a content `contentKind` wants to see: the descriptor of an ISO 9660 volume lies at 0x8001. */
export const KIND_BYTES = 0x8001 + 5;

export type ContentKind =
  | 'zip'
  | '7z'
  | 'rar'
  | 'cab'
  | 'ole' // MSI, MSP and old Office documents
  | 'wim'
  | 'gzip'
  | 'bzip2'
  | 'xz'
  | 'zstd'
  | 'vhd'
  | 'vhdx'
  | 'iso'
  | 'pe'
  | 'tar';

interface Magic {
  readonly kind: ContentKind;
  readonly offset: number;
  readonly bytes: readonly number[];
}

const ascii = (kind: ContentKind, text: string, offset = 0): Magic => ({
  kind,
  offset,
  bytes: [...text].map((char) => char.charCodeAt(0)),
});
const hex = (kind: ContentKind, ...bytes: number[]): Magic => ({ kind, offset: 0, bytes });

/** In order: a tar of old has no magic in front and is told last. */
const MAGICS: readonly Magic[] = [
  ascii('pe', 'MZ'),
  ascii('zip', 'PK\x03\x04'),
  ascii('zip', 'PK\x05\x06'), // an empty one
  ascii('zip', 'PK\x07\x08'), // one part of several
  ascii('7z', '7z\xbc\xaf\x27\x1c'),
  ascii('rar', 'Rar!\x1a\x07'),
  ascii('cab', 'MSCF\0\0\0\0'),
  hex('ole', 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
  ascii('wim', 'MSWIM\0\0\0'),
  ascii('wim', 'WLPWM\0\0\0'),
  hex('gzip', 0x1f, 0x8b, 0x08),
  ascii('bzip2', 'BZh'),
  hex('xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
  hex('zstd', 0x28, 0xb5, 0x2f, 0xfd),
  ascii('vhd', 'conectix'), // of a fixed disk it stands at the end only
  ascii('vhdx', 'vhdxfile'),
  ascii('tar', 'ustar', 257),
  ascii('iso', 'CD001', 0x8001),
];

/** The kind, or undefined for anything else. `head` holds the first KIND_BYTES of the content, or all of it. */
export function contentKind(head: Uint8Array): ContentKind | undefined {
  return MAGICS.find(({ offset, bytes }) => bytes.every((byte, at) => head[offset + at] === byte))?.kind;
}
