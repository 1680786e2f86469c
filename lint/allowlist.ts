// Declared exceptions: which findings they cover, which are no longer of use, which have run out, which do not say enough.
import { locationGlob } from './glob.ts';
import { locationText } from './location.ts';
import type { AllowlistEntry, Finding } from './result.ts';

export interface Allowlist {
  /** The finding, with the exception that covers it when there is one. */
  apply(finding: Finding): Finding;
  /** Entries that covered nothing so far. Expired ones are not among them. */
  unused(): readonly AllowlistEntry[];
  /** Entries that would cover a certain finding by its place, which only its content and an end date can. */
  insufficient(): readonly AllowlistEntry[];
  readonly expired: readonly AllowlistEntry[];
}

/**
 * What is certain is covered only by an entry with the digest of its content and an end date: the next file of that name is another file.
 * @param now decides which entries have expired: `until` is the last day on which an entry holds, in UTC.
 */
export function openAllowlist(entries: readonly AllowlistEntry[], now: Date): Allowlist {
  const today = now.toISOString().slice(0, 10);
  // What is no day is no promise: such an entry covers nothing.
  const isExpired = ({ until }: AllowlistEntry) => until !== undefined && !(/^\d{4}-\d{2}-\d{2}$/.test(until) && until >= today);
  const holding = entries
    .filter((entry) => !isExpired(entry))
    .map((entry) => ({ entry, covers: entry.at === undefined ? () => entry.sha256 !== undefined : locationGlob(entry.at) }));
  const used = new Set<AllowlistEntry>();
  const short = new Set<AllowlistEntry>();
  return {
    apply(finding) {
      const text = locationText(finding.at);
      const near = holding
        .filter(({ entry, covers }) => entry.rule === finding.rule && covers(text))
        .map(({ entry }) => entry)
        .filter((entry) => entry.sha256 === undefined || entry.sha256.toLowerCase() === finding.sha256);
      const isEnough = (entry: AllowlistEntry) => finding.level !== 'certain' || (entry.sha256 !== undefined && entry.until !== undefined);
      const covering = near.filter(isEnough);
      for (const entry of covering) used.add(entry);
      for (const entry of near) if (!isEnough(entry)) short.add(entry);
      const [first] = covering;
      if (!first) return finding;
      return { ...finding, allowed: { reason: first.reason, ...(first.until === undefined ? {} : { until: first.until }) } };
    },
    unused: () => holding.map(({ entry }) => entry).filter((entry) => !used.has(entry) && !short.has(entry)),
    insufficient: () => [...short],
    expired: entries.filter(isExpired),
  };
}

/** What an entry is for, as text: its place, its digest, or both. */
export function entryPlace({ at, sha256 }: AllowlistEntry): string {
  return [...(at === undefined ? [] : [at]), ...(sha256 === undefined ? [] : [`sha256 ${sha256}`])].join(' ');
}
