// The story: config → plan → open → run steps → commit → lint → settle. Start reading here.
import { rmSync } from 'node:fs';
import fse from 'fs-extra';
import { ConfigError, ImageError, ToolError } from '../errors.ts';
import { digestOf } from '../image/artifact.ts';
import { type CommitOptions, commit } from '../image/commit.ts';
import type { Image, ImageInfo } from '../image/image.ts';
import { inputDigest } from '../image/input-digest.ts';
import { chooseImage, openContainer } from '../image/open.ts';
import { lintContainer } from '../lint/lint.ts';
import type { LintResult } from '../lint/result.ts';
import { withTraces } from '../lint/traces.ts';
import type { LoadedConfig } from './config.ts';
import type { ChangeDescription } from './describe.ts';
import { type Gate, gateOf } from './gate.ts';
import { loadConfig } from './load-config.ts';
import { checkAttachments, checkOutput, outputNames, withOutputLock } from './output.ts';
import { describePlan, makePlan, type Plan, type PlanDescription, type StepChoice } from './plan.ts';
import { runSteps, type StepReport, type StepRun } from './run.ts';
import { checkPlan, checkWork, type SavedPlan } from './saved-plan.ts';
import { type Settled, settle } from './settle.ts';

export interface BuildOptions extends StepChoice {
  /** Output path instead of the config's. */
  readonly output?: string;
  /** Replace an output that exists, once the new one is accepted. */
  readonly force?: boolean;
  /** Build twice and compare before the output appears. */
  readonly verifyReproducible?: boolean;
  /** A plan that was saved before: whatever means or would change something else now is refused. */
  readonly saved?: SavedPlan;
  /** What evidence weighs in the gate, instead of the config's profile. */
  readonly profile?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Narration: which part runs, and how far it is where that is known. */
export interface Progress {
  readonly phase: 'open' | 'steps' | 'commit' | 'lint' | 'settle';
  readonly detail?: string;
  readonly done?: number;
  readonly total?: number;
}

export interface BuildReport {
  readonly schema: 'wtgforge/build@1';
  readonly plan: PlanDescription;
  readonly image: ImageInfo;
  readonly steps: readonly StepDescription[];
  readonly notes: readonly string[];
  readonly lint: LintResult;
  readonly sha256: string;
}

export interface BuildResult {
  readonly report: BuildReport;
  readonly artifact: Settled;
}

export interface StepDescription extends Omit<StepReport, 'changes' | 'described'> {
  readonly changes: readonly ChangeDescription[];
}

/** What a dry run knows: the plan, and what each step would change. */
export interface PlanResult {
  readonly plan: Plan;
  readonly image: ImageInfo;
  readonly run: StepRun;
}

/**
 * Builds the image of a config file and gates it.
 * @throws WtgforgeError of the part that failed; the signal's reason when aborted. Nothing is left behind but the source.
 */
export async function build(file: string, options: BuildOptions = {}): Promise<BuildResult> {
  const config = withOutput(await loadConfig(file), options.output);
  const gate = await gateOf(config.lint, { profile: options.profile }); // what is wrong with it is told before the work, not after it
  return withImage(config, options, async (image, index, input) => {
    const plan = makePlan(config, index, options, input);
    checkPlan(plan, options.saved, file);
    const { path: output } = plan.output;
    await checkOutput(plan.image.path, output, options.force ?? false);
    return withOutputLock(output, () =>
      withStaged(outputNames(output).staged, (staged) => make(config.file, { plan, gate, image, staged }, options)),
    );
  });
}

/** Runs the steps without writing anything. */
export async function dryRun(file: string, options: BuildOptions = {}): Promise<PlanResult> {
  const config = withOutput(await loadConfig(file), options.output);
  return withImage(config, options, async (image, index, input) => {
    const plan = makePlan(config, index, options, input);
    return { plan, image: image.info, run: await runSteps(plan, image, progressOf(options)) };
  });
}

interface Work {
  readonly plan: Plan;
  readonly gate: Gate;
  readonly image: Image;
  readonly staged: string;
}

async function make(file: string, { plan, gate, image, staged }: Work, options: BuildOptions): Promise<BuildResult> {
  const { signal, onProgress } = options;
  const run = await runSteps(plan, image, progressOf(options));
  checkWork(run, options.saved, file);
  await checkAttachments(plan.image.path, plan.output.path, run.attachments);
  onProgress?.({ phase: 'commit' });
  const more = { time: timeOf(process.env['SOURCE_DATE_EPOCH']), ...(signal ? { signal } : {}) };
  const { notes } = await commit(run.journal, { staged, images: plan.output.images, ...more });
  const [sha256, linted] = await Promise.all([digestOf(staged, signal), lintStaged(gate, staged, plan.output.path, options)]);
  const lint = withTraces(linted, {
    traces: run.steps.flatMap(({ traces }) => traces),
    index: plan.output.images === 'built' ? 1 : plan.image.index,
    allow: gate.allow,
  });
  if (options.verifyReproducible) await verifyReproducible(plan, image, sha256, staged, more);
  signal?.throwIfAborted();
  onProgress?.({ phase: 'settle' });
  const report: BuildReport = {
    schema: 'wtgforge/build@1',
    plan: describePlan(plan),
    image: image.info,
    steps: describeSteps(run.steps),
    notes,
    lint,
    sha256,
  };
  return { report, artifact: await settle({ path: staged, sha256 }, lint, plan.output.path, { attachments: run.attachments, report }) };
}

export function describeSteps(steps: readonly StepReport[]): readonly StepDescription[] {
  return steps.map(({ described, ...step }) => ({ ...step, changes: described }));
}

/** Builds a second time from the same source and compares: whatever differs would differ on the next machine, too. */
async function verifyReproducible(plan: Plan, image: Image, first: string, staged: string, more: CommitMore): Promise<void> {
  await withStaged(`${staged}.again`, async (again) => {
    const { journal } = await runSteps(plan, image, more.signal ? { signal: more.signal } : {});
    await commit(journal, { staged: again, images: plan.output.images, ...more });
    const second = await digestOf(again, more.signal);
    if (second === first) return;
    throw new ImageError(
      'BUILD_NOT_REPRODUCIBLE',
      `${plan.output.path}: two builds of the same plan differ (SHA-256 ${first} and ${second})`,
      {
        hint: 'A step uses something that changes from run to run, such as the time or a random number.',
      },
    );
  });
}

type CommitMore = Pick<CommitOptions, 'time' | 'signal'>;

/** Lints what ships, opened again from disk; the result names the output, not the staged file. */
async function lintStaged(gate: Gate, staged: string, output: string, options: BuildOptions): Promise<LintResult> {
  const { signal, onProgress } = options;
  onProgress?.({ phase: 'lint' });
  const result = await lintContainer(staged, {
    ...gate,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { progress: (done: number, total: number) => onProgress({ phase: 'lint', done, total }) } : {}),
  });
  return { ...result, container: { ...result.container, path: output } };
}

function progressOf({ signal, onProgress }: BuildOptions) {
  return {
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onStep: (detail: string) => onProgress({ phase: 'steps', detail }) } : {}),
  };
}

function withOutput(config: LoadedConfig, output: string | undefined): LoadedConfig {
  return output === undefined ? config : { ...config, output: { ...config.output, path: output } };
}

/** Opens the image that the config chooses, refuses what is not a Windows, and closes everything afterwards. */
async function withImage<T>(
  config: LoadedConfig,
  options: BuildOptions,
  use: (image: Image, index: number, input: string) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  options.onProgress?.({ phase: 'open', detail: config.image.path });
  const container = await openContainer(config.image.path);
  try {
    const index = chooseImage(container, config.image);
    const image = await container.open(index);
    try {
      if (!(await image.has('/Windows/System32/config/SOFTWARE'))) {
        throw new ImageError(
          'IMAGE_NOT_WINDOWS',
          `${config.image.path}: image ${index} holds no Windows (no Windows/System32/config/SOFTWARE)`,
          {
            hint: 'Choose an image with an installed Windows: "wtgforge inspect" lists what the file holds.',
          },
        );
      }
      return await use(image, index, await inputDigest(container));
    } finally {
      await image.close();
    }
  } finally {
    await container.close();
  }
}

/** Staged files of running builds: removed at exit, whatever happens. */
const stagedFiles = new Set<string>();
process.on('exit', () => {
  for (const staged of stagedFiles) rmSync(staged, { force: true });
});

async function withStaged<T>(staged: string, use: (staged: string) => Promise<T>): Promise<T> {
  stagedFiles.add(staged);
  try {
    await fse.remove(staged);
    return await use(staged);
  } catch (error) {
    if (isDiskFull(error)) {
      throw new ConfigError('OUTPUT_DISK_FULL', `${staged}: the disk is full`, {
        hint: 'Free space where the output goes: the staged copy needs the size of the source and a little more.',
        cause: error,
      });
    }
    throw error;
  } finally {
    await fse.remove(staged);
    stagedFiles.delete(staged);
  }
}

function isDiskFull(error: unknown): boolean {
  // The temporary folder has a message of its own; it may be on another disk.
  if (error instanceof ToolError) return false;
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  return code === 'ENOSPC' || (cause !== undefined && isDiskFull(cause));
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function timeOf(epoch: string | undefined): Date {
  if (epoch === undefined || epoch === '') return new Date();
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new ConfigError('SOURCE_DATE_EPOCH', `SOURCE_DATE_EPOCH: is not a whole number of seconds (${JSON.stringify(epoch)})`);
  }
  return new Date(Number(epoch) * 1000);
}
