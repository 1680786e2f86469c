// A baseline: today's findings as allowlist entries in a file of their own, each waiting for its reason.
import { readFile, writeFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import { locationText } from '../lint/location.ts';
import type { AllowlistEntry, Finding, LintResult } from '../lint/result.ts';
import { faultsOfEntry } from './allow-faults.ts';
import { isRecord } from './config-record.ts';

const SCHEMA = 'wtgforge/baseline@1';
/** Days for which what is certain is let through: long enough for a new base image, short enough not to be forgotten. */
const CERTAIN_DAYS = 30;
/** Far above any that a person has filled in. */
const FILE_MAX = 32 * 1024 * 1024;

export interface BaselineUpdate {
  readonly entries: number;
  /** Entries that wait for their reason. */
  readonly open: number;
  /** Errors that are in no entry: certain ones without a digest. */
  readonly left: number;
}

/**
 * The entries of a baseline file, each with a reason.
 * @throws ConfigError BASELINE_UNREADABLE, BASELINE_INVALID (every entry that is not whole, all at once).
 */
export async function readBaseline(file: string): Promise<readonly AllowlistEntry[]> {
  const entries = await entriesOf(file);
  const faults: string[] = [];
  for (const [at, entry] of entries.entries()) faultsOfEntry(withoutFinding(entry), `allow[${at}]`, faults);
  if (faults.length > 0) {
    throw new ConfigError('BASELINE_INVALID', `${file}: ${faults.length} mistake(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'Give each entry the reason why the finding is accepted, or take the entry out.',
    });
  }
  return entries.map((entry) => withoutFinding(entry) as unknown as AllowlistEntry);
}

/** Said before an image is read. @throws ConfigError BASELINE_UNREADABLE when the file is there and is none. */
export async function checkBaseline(file: string): Promise<void> {
  await entriesOf(file, 'absent');
}

/**
 * Writes every error and warning that no entry of the config covers. Reasons and end dates that are in the file already stay; entries of what is gone go.
 * @throws ConfigError BASELINE_UNREADABLE when the file is there and is none.
 */
export async function updateBaseline(file: string, result: LintResult, now: Date): Promise<BaselineUpdate> {
  const known = new Map((await entriesOf(file, 'absent')).map((entry) => [keyOf(entry), entry]));
  const until = new Date(now.getTime() + CERTAIN_DAYS * 86_400_000).toISOString().slice(0, 10);
  const open = result.images.flatMap(({ findings }) => findings).filter(({ severity, allowed }) => severity !== 'note' && !allowed);
  const entries = new Map<string, Record<string, unknown>>();
  let left = 0;
  for (const finding of open) {
    const entry = entryOf(finding, until);
    if (!entry) left++;
    else if (!entries.has(keyOf(entry))) entries.set(keyOf(entry), { ...entry, ...keptOf(known.get(keyOf(entry))) });
  }
  const allow = [...entries.values()];
  try {
    await writeFile(file, `${JSON.stringify({ schema: SCHEMA, allow }, null, 2)}\n`);
  } catch (cause) {
    throw unreadable(file, `cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, cause);
  }
  return { entries: allow.length, open: allow.filter(({ reason }) => reason === '').length, left };
}

function entryOf({ rule, level, at, sha256, message }: Finding, until: string): Record<string, unknown> | undefined {
  const finding = `${locationText(at)}: ${message}`;
  if (level !== 'certain') return { rule, at: literalGlob(locationText(at)), reason: '', finding };
  return sha256 === undefined ? undefined : { rule, sha256, reason: '', until, finding };
}

/** `*` covers itself, and `?` covers a brace: a name with either is covered, and hardly another. */
function literalGlob(text: string): string {
  return text.replace(/\{(?=[^{}]*,[^{}]*\})/g, '?');
}

function keptOf(entry: Record<string, unknown> | undefined): Record<string, unknown> {
  if (!entry) return {};
  return { reason: entry['reason'], ...(entry['until'] === undefined ? {} : { until: entry['until'] }) };
}

function keyOf({ rule, at, sha256 }: Record<string, unknown>): string {
  return JSON.stringify([rule, at ?? null, sha256 ?? null]);
}

/** `finding` is for the person who fills in the reason. */
function withoutFinding(entry: Record<string, unknown>): Record<string, unknown> {
  if (!isRecord(entry)) return entry;
  const { finding: _, ...rest } = entry;
  return rest;
}

async function entriesOf(file: string, absent?: 'absent'): Promise<readonly Record<string, unknown>[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (absent && code === 'ENOENT') return [];
    throw unreadable(file, `cannot be read (${code ?? 'unknown'})`, cause);
  }
  if (text.length > FILE_MAX) throw unreadable(file, 'is too large to be a baseline', undefined);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw unreadable(file, 'is not JSON', cause);
  }
  const { schema, allow } = isRecord(parsed) ? parsed : {};
  if (schema !== SCHEMA || !Array.isArray(allow)) throw unreadable(file, `is not a baseline (its schema is not ${SCHEMA})`, undefined);
  return allow as Record<string, unknown>[];
}

function unreadable(file: string, what: string, cause: unknown): ConfigError {
  return new ConfigError('BASELINE_UNREADABLE', `${file}: ${what}`, {
    hint: 'Write one with "wtgforge lint --update-baseline FILE".',
    cause,
  });
}
