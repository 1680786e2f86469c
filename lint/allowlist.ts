// Declared exceptions: which findings they cover, which are no longer of use, which have run out.
import { locationGlob } from './glob.ts';
import { locationText } from './location.ts';
import type { AllowlistEntry, Finding } from './result.ts';

export interface Allowlist {
  /** The finding, with the exception that covers it when there is one. */
  apply(finding: Finding): Finding;
  /** Entries that covered nothing so far. Expired ones are not among them. */
  unused(): readonly AllowlistEntry[];
  readonly expired: readonly AllowlistEntry[];
}

/** @param now decides which entries have expired: `until` is the last day on which an entry holds, in UTC. */
export function openAllowlist(entries: readonly AllowlistEntry[], now: Date): Allowlist {
  const today = now.toISOString().slice(0, 10);
  // What is no day is no promise: such an entry covers nothing.
  const isExpired = ({ until }: AllowlistEntry) => until !== undefined && !(/^\d{4}-\d{2}-\d{2}$/.test(until) && until >= today);
  const holding = entries.filter((entry) => !isExpired(entry)).map((entry) => ({ entry, covers: locationGlob(entry.at) }));
  const used = new Set<AllowlistEntry>();
  return {
    apply(finding) {
      const text = locationText(finding.at);
      const covering = holding.filter(({ entry, covers }) => entry.rule === finding.rule && covers(text)).map(({ entry }) => entry);
      for (const entry of covering) used.add(entry);
      const [first] = covering;
      if (!first) return finding;
      return { ...finding, allowed: { reason: first.reason, ...(first.until === undefined ? {} : { until: first.until }) } };
    },
    unused: () => holding.map(({ entry }) => entry).filter((entry) => !used.has(entry)),
    expired: entries.filter(isExpired),
  };
}
