// Opens what a program carries: an archive behind its sections (SFX, installers), cabinets in its resources.
import { open } from 'node:fs/promises';
import { type ArchiveKind, kindOf } from '../../formats/content-kind.ts';
import { type Embedded, embeddedArchives, entropyOf, MARK_SPAN, PROGRAM_HEAD, programLayout } from '../../formats/program-layout.ts';
import { OVERLAY_MIN } from '../kind-probe.ts';
import type { NestedContext, Source } from './context.ts';
import { MemberFile } from './member-file.ts';
import { openMembers } from './members.ts';
import { readSpool, withSpool } from './spool.ts';

/** More archives in one program than any installer has. */
const EMBEDDED_MAX = 16;
/** So much behind a program that no archive begins in is told when it looks packed. */
const SAMPLE = 64 * 1024;
const PACKED_BITS = 7.5;

export async function openProgram(context: NestedContext, source: Source): Promise<void> {
  const layout = programLayout(await readAt(source.path, 0, PROGRAM_HEAD), source.size);
  if (!layout) return;
  const { overlay, resources } = layout;
  const behind = await search(source.path, overlay.start, overlay.end);
  const found = [...behind, ...(await search(source.path, resources.start, resources.end))];
  const wanted = found.filter(({ whole, id }, at) => !whole || found.findIndex((other) => other.id === id) === at).slice(0, EMBEDDED_MAX);
  let opened = false;
  for (const embedded of wanted) if (await openEmbedded(context, source, embedded, wanted.length === 1)) opened = true;
  if (opened || overlay.end - overlay.start < Math.max(OVERLAY_MIN, SAMPLE)) return;
  if (entropyOf(await readAt(source.path, overlay.start, SAMPLE)) >= PACKED_BITS)
    context.opaque(
      source.places,
      'unknown-packer',
      `${overlay.end - overlay.start} bytes behind the program are packed in a way that is not known`,
    );
}

/** @returns false when there is no archive after all. */
async function openEmbedded(context: NestedContext, source: Source, embedded: Embedded, alone: boolean): Promise<boolean> {
  const { id, type, offset, whole } = embedded;
  if (type === undefined && id !== 'rar') {
    context.opaque(source.places, 'unknown-packer', `it is an installer made by ${id}, which 7-Zip cannot open`);
    return true;
  }
  // A chance match is no archive: it is told as one only when it opens.
  const kind: ArchiveKind = { ...(kindOf(id) ?? { id, type }), weak: true };
  if (whole) return openMembers(context, { ...source, kind }, type);
  return withSpool(readSpool(source.path, offset, source.size), source.size, async ({ path, size }) => {
    const places = alone
      ? source.places
      : (await context.enter(source)).map((prefix) => ({
          file: new MemberFile(`${prefix}/0x${offset.toString(16)}.${id}`, size, false, none),
        }));
    return openMembers(context, { path, size, kind, depth: source.depth, places }, type);
  });
}

const none = async function* (): AsyncGenerator<Uint8Array> {};

async function search(path: string, start: number, end: number): Promise<readonly Embedded[]> {
  const found: Embedded[] = [];
  let at = start;
  let rest = Buffer.alloc(0);
  for await (const piece of readSpool(path, start, end)) {
    const window = Buffer.concat([rest, piece]);
    const base = at - rest.length;
    for (const one of embeddedArchives(window, base))
      if (!found.some(({ offset, id }) => offset === one.offset && id === one.id)) found.push(one);
    at += piece.length;
    rest = window.subarray(-MARK_SPAN);
    if (found.length > EMBEDDED_MAX * 8) break;
  }
  return found;
}

async function readAt(path: string, offset: number, size: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
