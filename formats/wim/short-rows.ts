// The entries of an image without what nobody looks up: less than half of their bytes, for as long as the image is open.
import { AT, EntryBytes, SHORT_AT } from './entry-bytes.ts';
import type { EntryRows } from './read-entries.ts';

/** Rows over bytes of their own, in the short form. */
export function shortRows({ bytes, count, starts, parents, firsts, counts, securityDescriptors }: EntryRows): EntryRows {
  const short = Buffer.allocUnsafeSlow(sizeOf(bytes, count, starts));
  const places = new Uint32Array(count);
  const whole = bytes.buffer;
  let to = 0;
  // A range at a time: what lies between is left out. They are short, and a call of `copy` takes longer than the bytes.
  const take = (from: number, end: number) => {
    for (let at = from; at < end; at++) short[to++] = whole[at]!;
  };
  for (let entry = 0; entry < count; entry++) {
    const at = starts[entry]!;
    places[entry] = to;
    take(at + AT.attributes, at + AT.folder);
    take(at + AT.digest, at + AT.unknown54);
    take(at + AT.tag, bytes.namesEnd(at));
    for (const stream of bytes.streamsAt(at)) take(stream, bytes.endOf(stream));
  }
  return {
    bytes: new EntryBytes(short, SHORT_AT),
    // They are views of the bytes that are not kept.
    securityDescriptors: securityDescriptors.map((one) => new Uint8Array(one)),
    count,
    starts: places,
    parents: parents.slice(0, count),
    firsts: firsts.slice(0, count),
    counts: counts.slice(0, count),
  };
}

function sizeOf(bytes: EntryBytes, count: number, starts: Uint32Array): number {
  let size = 0;
  for (let entry = 0; entry < count; entry++) {
    const at = starts[entry]!;
    size += SHORT_AT.names + bytes.namesEnd(at) - (at + AT.names);
    for (const stream of bytes.streamsAt(at)) size += bytes.endOf(stream) - stream;
  }
  return size;
}
