// How much of a container was looked at, in phrases for reports: what was scanned, what was taken from the base or the cache, what it cost.
import type { LintResult } from '../lint/result.ts';
import { counted, megabytes } from './findings.ts';

/** In the order in which they are told; times last. */
export function scanFacts({
  files,
  blobs,
  bytesScanned,
  bytesSkipped,
  ofBase,
  cached,
  archives,
  seconds,
}: LintResult['stats']): readonly string[] {
  return [
    counted(files, 'file'),
    counted(blobs, 'distinct content'),
    `${megabytes(bytesScanned)} scanned`,
    ...(ofBase ? [`${counted(ofBase.blobs, 'content')} as in the base (${megabytes(ofBase.bytes)})`] : []),
    ...(cached ? [`${counted(cached.blobs, 'content')} clean before (${megabytes(cached.bytes)})`] : []),
    ...(bytesSkipped === 0 ? [] : [`${megabytes(bytesSkipped)} could not be read`]),
    ...(archives?.opened
      ? [`${counted(archives.opened, 'archive')} opened (${megabytes(archives.bytes)}, ${archives.seconds.toFixed(1)} s)`]
      : []),
    `${seconds.toFixed(1)} s`,
  ];
}

/** What whoever asked for it has to know: a base that is not trusted, a cache that is not used, signatures that cost more than others. */
export function scanNotes({ notes = [], slowSignatures = [], slowSeconds = 0 }: LintResult['stats']): readonly string[] {
  if (slowSignatures.length === 0) return notes;
  const names = slowSignatures.map((name) => `${name}.yar`).join(', ');
  return [
    ...notes,
    `every byte was scanned for ${names}: some of their rules hold no text of 6 bytes or more that must be there, so nothing could be left out (${slowSeconds.toFixed(1)} s of a core)`,
  ];
}
