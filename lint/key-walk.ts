// Walks each hive once for all rules and hands every rule the keys that its patterns select.
import { WtgforgeError } from '../errors.ts';
import { hivePath } from '../image/hive-path.ts';
import type { Hive, HiveName, Image } from '../image/image.ts';
import { pathGlobs } from '../image/path-globs.ts';
import { type KeyPattern, parseKeyPattern } from './key-pattern.ts';
import type { VisitedKey } from './rule.ts';
import type { RuleRun } from './rule-run.ts';

/** Keys visited in one hive: a SOFTWARE hive of a long-lived Windows holds about half a million. */
export const KEYS_MAX = 2_000_000;
/** Windows allows 512 levels. */
const DEPTH_MAX = 512;
/** A value of this type and name makes Windows go on at another key. No key that rules look at is one in the real hives that were measured. */
const REG_LINK = 6;
const LINK_NAME = 'SymbolicLinkValue';

interface Wish {
  readonly run: RuleRun;
  readonly pattern: KeyPattern;
}

/** A wish on its way down: `at` segments are matched. */
interface Step extends Wish {
  readonly at: number;
}

/** Visits the keys of every hive that a rule selects. `paths` are the files of the image among which hives are sought by glob. */
export async function walkKeys(image: Image, runs: readonly RuleRun[], paths: readonly string[], signal?: AbortSignal): Promise<void> {
  for (const [name, wishes] of hivesOf(runs, paths)) {
    signal?.throwIfAborted();
    const hive = await openOrTell(image, name, wishes);
    if (hive) walkHive(hive, name, wishes, signal);
  }
}

/** True when the path may be a hive that some rule selects by a glob. */
export function hiveGlobs(runs: readonly RuleRun[]): (path: string) => boolean {
  const globs = wishesOf(runs).flatMap(({ pattern }) => (pattern.hives ? [pattern.text.split('\\')[0]!] : []));
  return pathGlobs([...new Set(globs)]);
}

function wishesOf(runs: readonly RuleRun[]): readonly Wish[] {
  return runs
    .filter((run) => run.wants('key'))
    .flatMap((run) => (run.rule.select.keys ?? []).map((text) => ({ run, pattern: parseKeyPattern(text) })));
}

function hivesOf(runs: readonly RuleRun[], paths: readonly string[]): ReadonlyMap<HiveName, readonly Wish[]> {
  const byFile = new Map<string, { name: HiveName; wishes: Wish[] }>();
  for (const wish of wishesOf(runs)) {
    const { hive, hives } = wish.pattern;
    const names = hive === undefined ? paths.filter((path) => hives!(path)) : [hive];
    for (const name of names as readonly HiveName[]) {
      const file = hivePath(name).toLowerCase();
      const entry = byFile.get(file) ?? { name, wishes: [] };
      entry.wishes.push(wish);
      byFile.set(file, entry);
    }
  }
  return new Map([...byFile.values()].map(({ name, wishes }) => [name, wishes]));
}

async function openOrTell(image: Image, name: HiveName, wishes: readonly Wish[]): Promise<Hive | undefined> {
  const reason = await (async () => {
    try {
      return await image.hive(name);
    } catch (error) {
      if (error instanceof WtgforgeError) return error.message;
      throw error;
    }
  })();
  if (typeof reason !== 'string') return reason;
  for (const { run } of wishes) run.unable(reason);
  return undefined;
}

function walkHive(hive: Hive, name: HiveName, wishes: readonly Wish[], signal?: AbortSignal): void {
  const open: { path: string; depth: number; steps: readonly Step[] }[] = [
    { path: '', depth: 0, steps: wishes.map((wish) => ({ ...wish, at: 0 })) },
  ];
  let visited = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next;
    const steps = next.steps.filter(({ run }) => run.active);
    if (steps.length === 0) continue;
    if (++visited > KEYS_MAX || depth > DEPTH_MAX) {
      const left = [...steps, ...open.flatMap((one) => one.steps)];
      tell(left, `${hivePath(name)}: holds more keys than are looked at (${KEYS_MAX} keys, ${DEPTH_MAX} levels)`);
      return;
    }
    if (visited % 4096 === 0) signal?.throwIfAborted();
    try {
      if (hive.value(path, LINK_NAME)?.type === REG_LINK) {
        tell(steps, `${hivePath(name)}: the key ${JSON.stringify(path)} is a link to another key, which is not followed`);
      }
      visit(hive, name, path, steps);
      const goingOn = steps.filter(({ pattern, at }) => at < pattern.segments.length || pattern.below);
      if (goingOn.length === 0) continue;
      // The stack gives the last one first, and rules see keys in stored order.
      for (const child of [...hive.keys(path)].reverse()) {
        const below = goingOn.flatMap((step) => advance(step, child));
        if (below.length > 0) open.push({ path: path === '' ? child : `${path}\\${child}`, depth: depth + 1, steps: below });
      }
    } catch (error) {
      if (!(error instanceof WtgforgeError)) throw error;
      tell(steps, error.message);
    }
  }
}

function advance(step: Step, child: string): readonly Step[] {
  const { pattern, at } = step;
  if (at < pattern.segments.length) return pattern.segments[at]!(child) ? [{ ...step, at: at + 1 }] : [];
  return pattern.below ? [{ ...step, at: at + 1 }] : [];
}

/** Hands the key to every rule one of whose patterns ends here; once, whatever number of patterns. */
function visit(hive: Hive, name: HiveName, path: string, steps: readonly Step[]): void {
  const ending = steps.filter(({ pattern, at }) => (pattern.below ? at > pattern.segments.length : at === pattern.segments.length));
  if (ending.length === 0) return;
  const runs = new Set(ending.map(({ run }) => run));
  const { values, twice } = valuesByName(hive, path);
  const key: VisitedKey = { hive: name, path, values };
  for (const run of runs) {
    if (twice !== undefined) run.unable(`${hivePath(name)}: the key ${JSON.stringify(path)} holds a value name twice`);
    run.call((visitor) => visitor.key!(key));
  }
}

function valuesByName(hive: Hive, path: string): { values: VisitedKey['values']; twice: string | undefined } {
  const values = new Map<string, VisitedKey['values'] extends ReadonlyMap<string, infer V> ? V : never>();
  let twice: string | undefined;
  for (const value of hive.values(path)) {
    const lower = lowerName(value.name);
    if (values.has(lower)) twice = value.name;
    else values.set(lower, value);
  }
  return { values, twice };
}

/** The Kelvin sign becomes an ASCII k in lower case, though Windows takes the two for different letters. */
function lowerName(name: string): string {
  return name.replace(/[^\u212a]+/g, (part) => part.toLowerCase());
}

function tell(steps: readonly Step[], reason: string): void {
  for (const { run } of steps) run.unable(reason);
}
