// What is wrong with allowlist entries, in a config or in a baseline: every fault says which field it is.
import { isRecord } from './config-record.ts';

const FIELDS = ['rule', 'at', 'sha256', 'reason', 'until'];

/** @param path of the entry, such as `lint.allow[3]`. */
export function faultsOfEntry(entry: unknown, path: string, faults: string[]): void {
  if (!isRecord(entry)) {
    faults.push(`${path}: must be an object { rule, at or sha256, reason, until }`);
    return;
  }
  for (const key of Object.keys(entry)) if (!FIELDS.includes(key)) faults.push(`${path}.${key}: unknown key (known: ${FIELDS.join(', ')})`);
  const { at, sha256, until } = entry;
  for (const key of ['rule', 'reason']) faultsOfText(entry[key], `${path}.${key}`, faults);
  if (at === undefined && sha256 === undefined) {
    faults.push(`${path}.at: is missing (a place as reports print it; for a certain finding its sha256 instead)`);
  }
  if (at !== undefined) faultsOfPlace(at, `${path}.at`, faults);
  if (sha256 !== undefined && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256))) {
    faults.push(`${path}.sha256: must be 64 hex digits, as the report of the finding prints them`);
  }
  if (sha256 !== undefined && until === undefined) faults.push(`${path}.until: is missing (an entry with sha256 needs an end date)`);
  if (until !== undefined && !isDay(until)) faults.push(`${path}.until: must be a day as YYYY-MM-DD`);
}

function faultsOfText(value: unknown, path: string, faults: string[]): void {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) faults.push(`${path}: is missing`);
  else if (typeof value !== 'string') faults.push(`${path}: must be a text`);
}

function faultsOfPlace(at: unknown, path: string, faults: string[]): void {
  faultsOfText(at, path, faults);
  if (typeof at === 'string' && /^[*?{},!:/\\]+$/.test(at)) faults.push(`${path}: covers every place (is "${at}"); name a file or key`);
}

function isDay(until: unknown): boolean {
  const day = typeof until === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(until) ? new Date(`${until}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === until;
}
