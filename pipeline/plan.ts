// The plan: what will run, with every option resolved; printable, with secrets still as references.
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { ContainerId } from '../image/image.ts';
import { costOf, type Packing, resolvePacking } from '../image/output-format.ts';
import type { LoadedConfig } from './config.ts';
import { isSecretRef, resolveOptions } from './options.ts';
import { showSecretRef } from './secrets.ts';
import type { PlannedStep } from './step.ts';

export interface Plan {
  readonly image: { readonly path: string; readonly index: number };
  readonly output: { readonly path: string; readonly images: 'built' | 'all' };
  /** What is made of it, and what that costs in one line; undefined when nobody said what the base image is. */
  readonly packing: (Packing & { readonly cost: string }) | undefined;
  readonly steps: readonly PlannedStep[];
  /** The config's folder, where host paths of steps begin; the working directory when there is none. */
  readonly folder?: string;
  /** Digest of the input's content; undefined when nobody asked for it. */
  readonly input: string | undefined;
  /** The gate's part of the config: hosts, exceptions, options, ids of own rules. */
  readonly lint: Readonly<Record<string, unknown>>;
  /** SHA-256 of input, index, steps with their versions and options, and lint, without paths: the same plan has the same digest on every machine. */
  readonly digest: string;
}

/** What `wtgforge plan --json` prints of a plan. */
export interface PlanDescription {
  readonly schema: 'wtgforge/plan@1';
  readonly image: Plan['image'];
  readonly output: Plan['output'] & Partial<NonNullable<Plan['packing']>>;
  readonly input: Plan['input'];
  readonly lint: Plan['lint'];
  readonly steps: readonly { readonly id: string; readonly version: number; readonly options: Readonly<Record<string, unknown>> }[];
  readonly digest: string;
}

export interface StepChoice {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** What is known of the base image. */
export interface PlanSource {
  /** Digest of its content. */
  readonly input?: string;
  readonly container?: ContainerId;
}

/**
 * Resolves a checked config against the image that was chosen in its container.
 * @throws ConfigError OUTPUT_FORMAT for an output that cannot be made of it; STEP_UNKNOWN when `only` or `skip` names a step that the config does not have.
 */
export function makePlan(config: LoadedConfig, index: number, choice: StepChoice = {}, { input, container }: PlanSource = {}): Plan {
  const ids = config.steps.map(({ step }) => step.id);
  for (const id of [...(choice.only ?? []), ...(choice.skip ?? [])]) {
    if (!ids.includes(id)) {
      throw new ConfigError('STEP_UNKNOWN', `${id}: is not a step of the config (it has ${ids.join(', ') || 'none'})`, {
        hint: 'Name a step of the config after --only or --skip.',
      });
    }
  }
  const chosen = config.steps.filter(
    ({ step }) => (!choice.only?.length || choice.only.includes(step.id)) && !choice.skip?.includes(step.id),
  );
  const steps = chosen.map(({ step, given }) => ({ step, options: resolveOptions(step.options, given, step.id, []) }));
  const plan = {
    image: { path: config.image.path, index },
    output: { path: config.output.path, images: config.output.images ?? ('built' as const) },
    packing: container && packingOf(container, config.output),
    input,
    lint: describeLint(config),
    folder: dirname(config.file),
    steps,
  };
  return {
    ...plan,
    digest: createHash('sha256')
      .update(JSON.stringify([input ?? null, index, plan.output.images, plan.packing ?? null, describeSteps(steps), plan.lint]))
      .digest('hex'),
  };
}

export function describePlan(plan: Plan): PlanDescription {
  const { image, output, packing, input, lint, steps, digest } = plan;
  return { schema: 'wtgforge/plan@1', image, output: { ...output, ...packing }, input, lint, steps: describeSteps(steps), digest };
}

function packingOf(container: ContainerId, { path, ...given }: LoadedConfig['output']): Plan['packing'] {
  const packing = resolvePacking(container, path, given);
  return { ...packing, cost: costOf(container, packing) };
}

function describeSteps(steps: readonly PlannedStep[]): PlanDescription['steps'] {
  return steps.map(({ step, options }) => ({
    id: step.id,
    version: step.version ?? 1,
    options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, shownOption(value)])),
  }));
}

/** Secrets as their references, in objects of a list, too. */
function shownOption(value: unknown): unknown {
  if (isSecretRef(value)) return showSecretRef(value);
  if (Array.isArray(value)) return value.map(shownOption);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, shownOption(below)]));
}

function describeLint({ lint }: LoadedConfig): Plan['lint'] {
  const { kmsHosts = [], allow = [], options = {}, rules = [] } = lint ?? {};
  return { kmsHosts, allow, options, rules: rules.map(({ id }) => id) };
}
