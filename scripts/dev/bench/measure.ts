// Runs a program and says how long it took, how much of the processors, and how much memory all of its processes held together.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const LOOK_MS = 100;
/** Of a shell that does not find the program. */
const NOT_FOUND = 127;

export interface Measured {
  readonly seconds: number;
  /** Of all its processes, user and system. */
  readonly cpu: number;
  /** PSS of all its processes at the highest moment seen: pages that several share are counted once. */
  readonly megabytes: number;
  readonly code: number;
}

/** @throws Error when it ends with a code that is not among `codes`. */
export async function measured(
  words: readonly string[],
  more: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly codes?: readonly number[] } = {},
): Promise<Measured> {
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
  let megabytes = 0;
  const timer = setInterval(() => {
    megabytes = Math.max(megabytes, treePss(child.pid!) / 1024);
  }, LOOK_MS);
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 255)));
  clearInterval(timer);
  const used = /used ([\d.]+) ([\d.]+) ([\d.]+)/.exec(said);
  if (code === NOT_FOUND) throw new Error(`${words[0]} is not installed`);
  if (!(more.codes ?? [0]).includes(code) || !used) throw new Error(`${words[0]} ended with ${code}: ${said.slice(-500)}`);
  const [seconds, user, system] = used.slice(1).map(Number) as [number, number, number];
  return { seconds, cpu: user + system, megabytes: Math.round(megabytes), code };
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

/** In KiB. */
function treePss(root: number): number {
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
  let sum = 0;
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    sum += Number(/^Pss:\s+(\d+)/m.exec(orNothing(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
    open.push(...(children.get(pid) ?? []));
  }
  return sum;
}

/** A process may be gone by now. */
function orNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
