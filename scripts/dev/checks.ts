// The checks of the repository besides its tests: format, types, unused code, generated files, the package, known holes in dependencies.
import { spawn } from 'node:child_process';
import { repository } from './catalogue.ts';
import type { Outcome } from './outcome.ts';

export interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads what the command said; a text is the reason why it could not be asked. */
  readonly judge?: (code: number | null, output: string) => boolean | string;
}

export const checks: readonly Check[] = [
  { name: 'package (publint, attw)', command: ['npm', 'run', '--silent', 'package'] },
  { name: 'types (tsc)', command: ['npx', 'tsc', '-p', 'tsconfig.json'] },
  { name: 'known holes (npm audit)', command: ['npm', 'audit', '--audit-level=high', '--json'], judge: judgeAudit },
  { name: 'format and lint (biome)', command: ['npx', 'biome', 'ci', '--colors=off', '.'] },
  { name: 'unused code (knip)', command: ['npx', 'knip'] },
  { name: 'generated files (gen --check)', command: [process.execPath, '--import', 'tsx', 'scripts/dev/gen.ts', '--check'] },
];

/** A registry without an audit service is no fault of ours; a finding of level high or critical is. */
export function judgeAudit(_code: number | null, output: string): boolean | string {
  const silent = 'the registry answers no audits';
  const start = output.indexOf('{');
  if (start < 0) return silent;
  try {
    const answer = JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as {
      metadata?: { vulnerabilities?: { high: number; critical: number } };
    };
    const found = answer.metadata?.vulnerabilities;
    return found ? found.high + found.critical === 0 : silent;
  } catch {
    return silent;
  }
}

export async function runCheck({ name, command, judge }: Check): Promise<Outcome> {
  const begun = performance.now();
  const [program, ...args] = command;
  const child = spawn(program!, args, { cwd: repository, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      errors += error.message;
      resolve(127);
    });
    child.on('close', resolve);
  });
  const verdict = judge ? judge(code, output) : code === 0;
  const seconds = (performance.now() - begun) / 1000;
  const skipped = typeof verdict === 'string';
  return {
    name,
    passed: verdict === true ? 1 : 0,
    failed: verdict === false ? 1 : 0,
    skipped: skipped ? 1 : 0,
    seconds,
    output: `${output}${errors}`,
    reasons: skipped ? [`${name}: ${verdict}`] : [],
  };
}
