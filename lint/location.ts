// Where a finding is, as one line of text: what reports show and what allowlist globs match.
import type { HiveName } from '../image/image.ts';

export type Location = { readonly partition?: number; readonly inside?: readonly string[] } & (
  | { readonly file: string; readonly stream?: string; readonly offset?: number; readonly line?: number }
  | { readonly hive: HiveName; readonly key: string; readonly name?: string }
  | { readonly slack: 'hive' | 'unreferenced-blob' | 'free-cluster'; readonly of: string; readonly offset?: number }
);

/** `/Windows/…`, `/a:stream`, `SOFTWARE\Microsoft\…!Value`, `unreferenced-blob:…`; nested `outer!inner`; other partitions `partition2:/…`, the rest of an ISO `disc:/…`. */
export function locationText(at: Location): string {
  const partition = partitionText(at.partition);
  const inside = (at.inside ?? []).map((name) => `!${name}`).join('');
  return `${partition}${ownText(at)}${inside}`;
}

/** 0 is a disc without partitions, whose image lies in a file of it. */
function partitionText(partition: number | undefined): string {
  if (partition === undefined) return '';
  return partition === 0 ? 'disc:' : `partition${partition}:`;
}

function ownText(at: Location): string {
  if ('file' in at) return at.stream === undefined ? at.file : `${at.file}:${at.stream}`;
  if ('hive' in at) {
    const key = at.key === '' ? at.hive : `${at.hive}\\${at.key}`;
    return at.name === undefined ? key : `${key}!${at.name === '' ? '(Default)' : at.name}`;
  }
  return `${at.slack}:${at.of}`;
}

/** The line or offset of a location, for people: ` line 12`, ` offset 0x1f`; '' when it has none. */
export function spotText(at: Location): string {
  if ('line' in at && at.line !== undefined) return `line ${at.line}`;
  return 'offset' in at && at.offset !== undefined ? `offset 0x${at.offset.toString(16)}` : '';
}
