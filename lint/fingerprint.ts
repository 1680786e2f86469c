// The identity of a finding: the same for the same finding tomorrow, whatever moved inside the file.
import { createHash } from 'node:crypto';
import type { Location } from './location.ts';

/** 32 hex digits from rule, message and location. Offsets and lines move with every edit, names are compared without case. */
export function fingerprintOf(rule: string, messageId: string, at: Location): string {
  const { partition = null, inside = [] } = at;
  const place = JSON.stringify([rule, messageId, partition, ...ownParts(at), inside]).toLowerCase();
  return createHash('sha256').update(place).digest('hex').slice(0, 32);
}

function ownParts(at: Location): readonly (string | null)[] {
  if ('file' in at) return ['file', at.file, at.stream ?? null];
  if ('hive' in at) return ['hive', at.hive, at.key, at.name ?? null];
  return ['slack', at.slack, at.of];
}
