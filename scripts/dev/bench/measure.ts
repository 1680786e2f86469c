// Runs a program and says how long it took, how much of the processors, and how much memory all of its processes held together.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const LOOK_MS = 100;
/** To add up what processes share takes milliseconds of them and of us: it is done this often, and when they hold clearly more than ever before. */
const PSS_MS = 500;
const CLEARLY = 1.01;
/** Of a shell that does not find the program. */
const NOT_FOUND = 127;

export interface Measured {
  readonly seconds: number;
  /** Of all its processes, user and system. */
  readonly cpu: number;
  /** PSS of all its processes at the highest moment seen: pages that several share are counted once. 0 when nobody looked. */
  readonly megabytes: number;
  readonly code: number;
}

export interface Measuring {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly codes?: readonly number[];
  /** Whether memory is looked at. That takes a few hundredths of the time from a program that keeps all cores busy. */
  readonly memory?: boolean;
}

/** @throws Error when it ends with a code that is not among `codes`. */
export async function measured(words: readonly string[], more: Measuring = {}): Promise<Measured> {
  // The shell waits for the program and so learns what its processes used.
  const child = spawn('bash', ['-c', 'TIMEFORMAT="used %R %U %S"; time "$@" >/dev/null', 'measured', ...words], {
    ...(more.cwd === undefined ? {} : { cwd: more.cwd }),
    env: { ...process.env, LC_ALL: 'C', ...more.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-10_000);
  });
  const memory = new MemoryPeak(child.pid!);
  const timer = more.memory ? setInterval(() => memory.look(), LOOK_MS) : undefined;
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 255)));
  clearInterval(timer);
  const used = /used ([\d.]+) ([\d.]+) ([\d.]+)/.exec(said);
  if (code === NOT_FOUND) throw new Error(`${words[0]} is not installed`);
  if (!(more.codes ?? [0]).includes(code) || !used) throw new Error(`${words[0]} ended with ${code}: ${said.slice(-500)}`);
  const [seconds, user, system] = used.slice(1).map(Number) as [number, number, number];
  return { seconds, cpu: user + system, megabytes: Math.round(memory.kibibytes / 1024), code };
}

/** Of this process and those that it has waited for, user and system */
export function processorSeconds(): number {
  // proc(5), fields 14 to 17, in hundredths
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 15);
  return fields.reduce((sum, one) => sum + Number(one), 0) / 100;
}

/** The same as text: `cpu()`; `readFileSync` is there. */
export const PROCESSOR = `const cpu = () => readFileSync('/proc/self/stat', 'utf8').replace(/^.*\\) /, '').split(' ').slice(11, 15).reduce((sum, one) => sum + Number(one), 0) / 100;`;

/** The most that a process and all that it started held together. */
class MemoryPeak {
  private readonly root: number;
  private tree: readonly number[] = [];
  private resident = 0;
  private added = Number.NEGATIVE_INFINITY;
  /** PSS. */
  kibibytes = 0;

  constructor(root: number) {
    this.root = root;
  }

  look(): void {
    // Its second field, in pages, proc(5).
    const resident = sum(this.tree.map((pid) => Number(orNothing(`/proc/${pid}/statm`).split(' ')[1] ?? 0)));
    if (resident <= this.resident * CLEARLY && performance.now() - this.added < PSS_MS) return;
    this.resident = Math.max(resident, this.resident);
    this.tree = treeOf(this.root);
    this.kibibytes = Math.max(
      this.kibibytes,
      sum(this.tree.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(orNothing(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))),
    );
    this.added = performance.now();
  }
}

/** The process and all that descend from it. */
function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(
      orNothing(`/proc/${name}/stat`)
        .replace(/^.*\) \S+ /s, '')
        .split(' ')[0],
    );
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A process may be gone by now. */
function orNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
