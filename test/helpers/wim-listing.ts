// What our reader says of a WIM image, in the words of `wimlib-imagex dir --detailed`, to compare the two line by line.

import type { EntryTable } from '../../formats/wim/entry-table.ts';
import type { DirEntry } from '../../formats/wim/model.ts';
import { streamRoles } from '../../formats/wim/streams.ts';
import { readWim, type WimParts } from '../../image/containers/wim-parts.ts';
import { wimTree } from '../../image/containers/wim-tree.ts';
import type { ImageFile } from '../../image/image.ts';
import { openContainer } from '../../image/open.ts';
import { run } from './make-wim.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ZERO = '0'.repeat(40);

/** By path: the lines about each file and folder, the root included. Link group numbers are left out: wimlib renumbers bad ones. */
export async function ourListing(path: string, index = 1): Promise<Map<string, readonly string[]>> {
  const parts = await readWim(path);
  const container = await openContainer(path);
  try {
    const image = await container.open(index);
    const entries = await parts.readEntries(index);
    const tree = wimTree(entries);
    const all = objectsOf(entries);
    const listing = new Map<string, readonly string[]>();
    listing.set('/', linesOf(parts, (await image.find('/'))!, all[0]!));
    for await (const file of image.walk()) listing.set(file.path, linesOf(parts, file, all[tree.find(file.path)!.node]!));
    return listing;
  } finally {
    await container.close();
    await parts.close();
  }
}

/** Each entry as an object, by its number. */
function objectsOf(entries: EntryTable): readonly DirEntry[] {
  const all = [entries.tree().root];
  for (let entry = 0; entry < entries.count; entry++)
    for (const [at, child] of all[entry]!.children.entries()) all[entries.firstChild(entry) + at] = child;
  return all;
}

export function wimlibListing(path: string, index = 1): Map<string, readonly string[]> {
  const listing = new Map<string, readonly string[]>();
  for (const block of run('wimlib-imagex', ['dir', path, String(index), '--detailed']).split(/^-{70,}\n/m)) {
    const name = /^Full Path\s+= "(.*)"$/m.exec(block)?.[1];
    if (name === undefined) continue;
    const lines = block.split('\n').map((line) => line.trim().replace(/\s+= /, ' = '));
    listing.set(
      name,
      lines.filter(
        (line) =>
          line !== '' &&
          !/^(Compressed size|Offset in WIM|Reference Count|Part Number|Flags|Full Path|Link Group ID|FILE_ATTRIBUTE_)/.test(line),
      ),
    );
  }
  return listing;
}

function linesOf(parts: WimParts, file: ImageFile, entry: DirEntry): string[] {
  const lines = [`Short Name = "${file.shortName}"`, `Attributes = 0x${hex(file.attributes, 8)}`];
  if (file.descriptor) lines.push(`Security Descriptor = ${Buffer.from(file.descriptor).toString('hex')}`);
  lines.push(
    `Creation Time = ${time(entry.creationTime)}`,
    `Last Write Time = ${time(entry.lastWriteTime)}`,
    `Last Access Time = ${time(entry.lastAccessTime)}`,
  );
  if (file.reparse) lines.push(`Reparse Tag = 0x${hex(file.reparse.tag, 0)}`);
  lines.push(`Link Count = ${file.links.length + 1}`);
  lines.push(...itemLines(entry.extra));
  const { reparse } = streamRoles(entry);
  if (reparse)
    lines.push(
      'Reparse point stream:',
      `Hash = 0x${reparse}`,
      `Uncompressed size = ${parts.blobOf(reparse)!.resource.uncompressedSize} bytes`,
    );
  if (!file.reparse || file.digest)
    lines.push('Unnamed data stream:', `Hash = 0x${file.digest ?? ZERO}`, `Uncompressed size = ${file.size} bytes`);
  for (const stream of file.streams) {
    lines.push(`Named data stream "${stream.name}":`, `Hash = 0x${stream.digest ?? ZERO}`, `Uncompressed size = ${stream.size} bytes`);
  }
  return lines;
}

/** Tagged items: +0 tag (4), +4 length (4), data, padded to 8; object ids and wimlib's UNIX data are those that wimlib shows. */
function itemLines(extra: Uint8Array): string[] {
  const buffer = Buffer.from(extra);
  const lines: string[] = [];
  for (let at = 0; at + 8 <= buffer.length; at += 8 + Math.ceil(buffer.readUInt32LE(at + 4) / 8) * 8) {
    const tag = buffer.readUInt32LE(at);
    const id = (offset: number) => buffer.toString('hex', at + 8 + offset, at + 8 + offset + 16);
    const field = (offset: number) => buffer.readUInt32LE(at + 8 + offset);
    if (tag === 1) {
      lines.push(`Object ID = 0x${id(0)}`, `Birth Volume ID = 0x${id(16)}`, `Birth Object ID = 0x${id(32)}`);
      if (!/^0*$/.test(id(48))) lines.push(`Domain ID = 0x${id(48)}`);
    }
    if (tag === 0x337dd873)
      lines.push(`UNIX Data = uid:${field(0)} gid:${field(4)} mode:0${field(8).toString(8)} rdev:0x${field(12).toString(16)}`);
  }
  return lines;
}

function time(filetime: bigint): string {
  const date = new Date(Number(filetime / 10_000n - 11_644_473_600_000n));
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${clock} ${date.getUTCFullYear()} UTC`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
