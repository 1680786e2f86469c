// A plan that was saved and looked at: the build that follows must mean the same, and change the same.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import type { Plan } from './plan.ts';
import type { StepRun } from './run.ts';

/** What a build compares itself with; both are SHA-256 in hex. */
export interface SavedPlan {
  readonly digest: string;
  readonly work: string;
}

/** SHA-256 over what the steps would change and attach, and over the host files that they read. */
export function workDigest({ steps, attachments }: Pick<StepRun, 'steps' | 'attachments'>): string {
  const said = steps.map(({ step, skipped, unforeseen, described, inputs }) => {
    // What a program of the user will change, no plan knows.
    return [step, skipped ?? null, unforeseen ? null : described, inputs.map(({ sha256 }) => sha256)];
  });
  return createHash('sha256')
    .update(JSON.stringify([said, attachments]))
    .digest('hex');
}

/** @throws ConfigError PLAN_DIFFERS when input, config or a step's version has moved */
export function checkPlan(plan: Plan, saved: SavedPlan | undefined, file: string): void {
  if (!saved || saved.digest === plan.digest) return;
  throw differs(`${file}: input, config or a step does not give the plan that was asked for (${plan.digest} instead of ${saved.digest})`);
}

/** @throws ConfigError PLAN_DIFFERS when the same config would change something else: a host file is another one, or a step is */
export function checkWork(run: StepRun, saved: SavedPlan | undefined, file: string): void {
  const work = saved && workDigest(run);
  if (!saved || saved.work === work) return;
  throw differs(`${file}: the steps would not change what the plan says (${work} instead of ${saved.work})`);
}

/** @throws ConfigError PLAN_UNREADABLE when the file is not what `wtgforge plan --out` wrote */
export async function readPlan(file: string): Promise<SavedPlan> {
  try {
    const { plan, work } = JSON.parse(await readFile(file, 'utf8')) as { plan?: { digest?: unknown }; work?: unknown };
    if (typeof plan?.digest !== 'string' || typeof work !== 'string') throw new Error('it has no digest');
    return { digest: plan.digest, work };
  } catch (cause) {
    throw new ConfigError('PLAN_UNREADABLE', `${file}: is not a plan (${(cause as Error).message})`, {
      hint: 'Make one with "wtgforge plan --out FILE".',
      cause,
    });
  }
}

function differs(message: string): ConfigError {
  return new ConfigError('PLAN_DIFFERS', message, { hint: 'Make a new plan with "wtgforge plan --out FILE" and look at what changed.' });
}
