// npm run fuzz: changes real and generated inputs with knowledge of their structure, and runs every parser of hostile bytes over them.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { runCase } from './fuzz/case.ts';
import { fuzzTarget, type TargetResult } from './fuzz/session.ts';
import { targets } from './fuzz/targets.ts';

const USAGE = `npm run fuzz -- [--seconds N] [--seed S] [--cases N] [--target ID]... [--replay FILE]
  --seconds  for all targets together (60)
  --seed     the same seed makes the same cases (1)
  --cases    at most so many of each target
  --target   ${targets.map(({ id }) => id).join(', ')}
  --replay   runs one saved input; its name begins with the target`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    cases: { type: 'string' },
    target: { type: 'string', multiple: true },
    replay: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) console.log(USAGE);
else process.exitCode = values.replay === undefined ? await fuzz() : await replay(values.replay);

async function fuzz(): Promise<number> {
  const chosen = values.target ? targets.filter(({ id }) => values.target!.includes(id)) : targets;
  if (chosen.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const results: TargetResult[] = [];
  for (const target of chosen) {
    if ((await target.inputs()).length === 0) {
      console.log(`${target.id}: left out, its inputs are not on this machine`);
      continue;
    }
    const result = await fuzzTarget(target, {
      seed: Number(values.seed),
      seconds: Number(values.seconds) / chosen.length,
      ...(values.cases === undefined ? {} : { cases: Number(values.cases) }),
      folder: '.cache/fuzz',
    });
    results.push(result);
    console.log(lineOf(result));
    for (const { kind, index, text, file } of result.failures) console.log(`  ${kind} in case ${index}, kept in ${file}\n${text}`);
  }
  const sum = (of: (result: TargetResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const failed = sum(({ failures }) => failures.length);
  console.log(
    `all: ${sum(({ cases }) => cases)} cases, ${sum(({ past }) => past)} past the header, ${failed} failures (seed ${values.seed})`,
  );
  return failed === 0 ? 0 : 1;
}

function lineOf({ target, cases, past, branches, failures, peakMegabytes }: TargetResult): string {
  const share = branches && branches.all > 0 ? `${Math.round((branches.covered / branches.all) * 100)} %` : '?';
  const crashes = failures.filter(({ kind }) => kind === 'crash').length;
  return `${target}: ${cases} cases, ${past} past the header, branches ${share} (${branches?.covered} of ${branches?.all}), crashes ${crashes}, hangs ${failures.length - crashes}, peak ${peakMegabytes} MB`;
}

async function replay(path: string): Promise<number> {
  const target = targets.find(({ id }) => basename(path).startsWith(`${id}-`));
  if (!target) {
    console.error(`${path}: its name begins with no target (${targets.map(({ id }) => id).join(', ')})`);
    return 2;
  }
  const verdict = await runCase(target, new Uint8Array(await readFile(path)));
  console.log('crash' in verdict ? verdict.crash : `${target.id}: ${verdict.past ? 'past the header' : 'refused at the header'}, no crash`);
  return 'crash' in verdict ? 1 : 0;
}
