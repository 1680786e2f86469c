// Remembers in which stored bytes nothing was found, from run to run: a file of digests of our own in a folder that is ours alone.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { BODY_BYTES_MAX } from '../formats/frame.ts';
import { areEntries, ENTRY_BYTES } from './cache-entries.ts';
import { cacheKey, type Engine } from './cache-key.ts';
import type { ReaderSetup } from './reader-job.ts';
import type { VerdictMemory } from './store-run.ts';

/** SHA-256 of the entries, behind them: a file that was cut or damaged is none. */
const SUM_BYTES = 32;
/** What a message to a reader holds. */
const ENTRIES_BYTES_MAX = Math.floor((BODY_BYTES_MAX - SUM_BYTES) / ENTRY_BYTES) * ENTRY_BYTES;
/** One for each set of rules and version; the oldest go. */
const FILES_MAX = 8;
const OWN_FILE = /^verdicts-[0-9a-f]{64}\.bin(?:\.\d+)?$/;
const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Where the cache is kept unless the user says otherwise (XDG Base Directory Specification). */
export function defaultCacheFolder(): string {
  const given = process.env['XDG_CACHE_HOME'];
  return join(given?.startsWith('/') ? given : join(homedir(), '.cache'), 'wtgforge');
}

export interface VerdictCache {
  /** Why nothing is remembered, or undefined. */
  readonly refused: string | undefined;
  /** False when it is sure that nothing is known of anything. */
  readonly mayKnow: boolean;
  /** What is known for such a scan; what is learnt is kept by `save`. */
  open(setup: Pick<ReaderSetup, 'signatures' | 'keys'>, basis: string): Promise<VerdictMemory | undefined>;
  save(): Promise<void>;
}

interface Memory {
  readonly file: string;
  readonly known: Uint8Array;
  readonly learnt: Uint8Array[];
}

export async function openVerdictCache(folder: string, engine: Engine): Promise<VerdictCache> {
  let refused = await refusalOf(folder);
  const mayKnow = refused === undefined && (await readdir(folder)).some((name) => OWN_FILE.test(name));
  const memories = new Map<string, Memory>();
  return {
    mayKnow,
    get refused() {
      return refused;
    },
    async open(setup, basis) {
      if (refused !== undefined) return undefined;
      const file = join(folder, `verdicts-${cacheKey(engine, setup)}.bin`);
      const memory = memories.get(file) ?? { file, known: await readEntries(file), learnt: [] };
      memories.set(file, memory);
      return {
        known: memory.known,
        basis,
        isShipped: (rule) => engine.rules.has(rule),
        learn: (entries) => void memory.learnt.push(Uint8Array.from(entries)),
      };
    },
    async save() {
      try {
        for (const memory of memories.values()) await writeEntries(memory);
        if (refused === undefined) await removeOld(folder);
      } catch (error) {
        refused = `${folder}: what was learnt cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      }
    },
  };
}

/** The folder is made when it is not there. One that others could write could tell us that anything is clean. */
async function refusalOf(folder: string): Promise<string | undefined> {
  try {
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const own = await lstat(folder);
    if (!own.isDirectory()) return `${folder}: is no folder`;
    if (own.uid !== userId()) return `${folder}: belongs to somebody else`;
    if (own.mode & OTHERS) return `${folder}: others may look into it or write it (mode ${(own.mode & 0o777).toString(8)}, 700 is wanted)`;
    const above = await lstat(dirname(folder));
    const isSafe = (above.uid === userId() || above.uid === 0) && (!(above.mode & WRITABLE_BY_OTHERS) || (above.mode & STICKY) !== 0);
    return isSafe ? undefined : `${dirname(folder)}: others may write it, and so replace the cache in it`;
  } catch (error) {
    return `${folder}: cannot be used (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
}

function userId(): number {
  return process.getuid?.() ?? -1;
}

const NOTHING = new Uint8Array();

/** A file that is not as we write it is as good as none. */
async function readEntries(file: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const facts = await handle.stat();
    if (!facts.isFile() || facts.uid !== userId() || facts.mode & OTHERS || facts.size > ENTRIES_BYTES_MAX + SUM_BYTES) return NOTHING;
    const bytes = await handle.readFile();
    const entries = bytes.subarray(0, -SUM_BYTES);
    const isWhole = bytes.length > SUM_BYTES && sumOf([entries]).equals(bytes.subarray(-SUM_BYTES));
    return isWhole && areEntries(entries) ? entries : NOTHING;
  } catch {
    return NOTHING;
  } finally {
    await handle?.close();
  }
}

/** Beside the file and then in its place, so that another run never reads half of it. When it gets too long, only what is new is kept. */
async function writeEntries({ file, known, learnt }: Memory): Promise<void> {
  const fresh = learnt.reduce((sum, { length }) => sum + length, 0);
  if (fresh === 0 || fresh > ENTRIES_BYTES_MAX) return;
  const parts = known.length + fresh > ENTRIES_BYTES_MAX ? learnt : [known, ...learnt];
  const beside = `${file}.${process.pid}`;
  await rm(beside, { force: true });
  const handle = await open(beside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    for (const part of [...parts, sumOf(parts)]) await handle.writeFile(part);
  } finally {
    await handle.close();
  }
  await chmod(beside, 0o600);
  await rename(beside, file);
}

/** Those of other rules and versions, and what a run that was cut off left beside them. */
async function removeOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => OWN_FILE.test(name));
  const files = await Promise.all(names.map(async (name) => ({ name, time: (await lstat(join(folder, name))).mtimeMs })));
  files.sort((a, b) => b.time - a.time);
  for (const { name } of files.slice(FILES_MAX)) await rm(join(folder, name), { force: true });
}

function sumOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
