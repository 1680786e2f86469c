// What the steps cost: the example config with all of them against the same build with none, in turn, each in a process of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../catalogue.ts';
import { PROCESSOR } from './measure.ts';

export interface StepsCost {
  readonly image: string;
  readonly bytes: number;
  readonly steps: number;
  /** Of all steps together, and the files, values and keys among them. */
  readonly changes: Readonly<Record<string, number>>;
  /** Medians in seconds: until the image is written, and with the gate. */
  readonly all: Seconds;
  readonly none: Seconds;
}

interface Seconds {
  readonly written: number;
  readonly whole: number;
  /** Of the processor, all processes of the build together: what a busy machine does not change much. */
  readonly cpuWritten: number;
  readonly cpuWhole: number;
}

interface Measured extends Seconds {
  readonly changes: Readonly<Record<string, number>>;
  readonly steps: number;
}

/** Prints JSON; the clock starts with the process, so that both pay for the start. */
const BUILD = `
import { readFileSync } from 'node:fs';
import { build } from ${JSON.stringify(join(repository, 'dist/index.js'))};
${PROCESSOR}
let written, cpuWritten;
const { report } = await build(process.argv[1], { force: true, onProgress: ({ phase }) => {
  if (phase !== 'lint' || written !== undefined) return;
  written = performance.now() / 1000;
  cpuWritten = cpu();
} });
const changes = {};
for (const { kind } of report.steps.flatMap((step) => step.changes)) changes[kind] = (changes[kind] ?? 0) + 1;
console.log(JSON.stringify({ written, cpuWritten, whole: performance.now() / 1000, cpuWhole: cpu(), changes, steps: report.steps.length }));
`;

/** `build.config.ts` of the repository for another image and output, wherever the config lies. */
export function exampleConfig(image: string, output: string): string {
  return readFileSync(join(repository, 'build.config.ts'), 'utf8')
    .replace("'scripts/dev/example'", JSON.stringify(join(repository, 'scripts/dev/example')))
    .replace("'out/base.wim'", JSON.stringify(image))
    .replace("'out/golden.wim'", JSON.stringify(output));
}

/** Builds `pairs` times with all steps and with none, in turn. */
export function stepsCost(folder: string, image: string, pairs: number): StepsCost {
  const output = join(folder, 'steps.wim');
  const text = exampleConfig(image, output);
  const configs = { all: join(folder, 'all.config.ts'), none: join(folder, 'none.config.ts') };
  writeFileSync(configs.all, text);
  writeFileSync(configs.none, text.replace(/ {2}steps: \[[\s\S]*?\n {2}\],/, '  steps: [],'));
  const runs = { all: [] as Measured[], none: [] as Measured[] };
  for (let pair = 0; pair < pairs; pair++)
    for (const how of ['all', 'none'] as const) runs[how].push(measured(folder, configs[how], output));
  const medianOf = (of: readonly Measured[], key: keyof Seconds) => median(of.map((one) => one[key]));
  const medians = (of: readonly Measured[]): Seconds => ({
    written: medianOf(of, 'written'),
    whole: medianOf(of, 'whole'),
    cpuWritten: medianOf(of, 'cpuWritten'),
    cpuWhole: medianOf(of, 'cpuWhole'),
  });
  const [{ changes, steps }] = runs.all as [Measured];
  return { image, bytes: statSync(image).size, steps, changes, all: medians(runs.all), none: medians(runs.none) };
}

export function printCost({ image, bytes, steps, changes, all, none }: StepsCost): void {
  const count = Object.values(changes).reduce((sum, one) => sum + one, 0);
  const kinds = Object.entries(changes).map(([kind, one]) => `${one} ${kind}`);
  console.log(`${image} (${(bytes / 1e6).toFixed(1)} MB): ${steps} steps, ${count} changes (${kinds.join(', ')})`);
  for (const [what, key] of [
    ['build without the gate', 'written'],
    ['build and gate', 'whole'],
    ['processor, without the gate', 'cpuWritten'],
    ['processor, with the gate', 'cpuWhole'],
  ] as const) {
    console.log(
      `  ${what}: ${all[key].toFixed(2)} s with all steps, ${none[key].toFixed(2)} s with none, ratio ${(all[key] / none[key]).toFixed(2)}`,
    );
  }
}

function measured(folder: string, config: string, output: string): Measured {
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', BUILD, config], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (const name of ['', '.rejected', '.report.json', '.rejected.json']) rmSync(`${output}${name}`, { force: true });
  if (done.status !== 0) throw new Error(`the measured build failed (${done.status})`);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Measured;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
