// The story: config → plan → open → run steps → commit → lint → settle. Start reading here.
import { ConfigError, ImageError } from '../errors.ts';
import { type Artifact, digestOf } from '../image/artifact.ts';
import { type CommitOptions, commit } from '../image/commit.ts';
import type { Container, Image, ImageInfo } from '../image/image.ts';
import { beginInputDigest } from '../image/input-digest.ts';
import { chooseImage, openContainer } from '../image/open.ts';
import { isDiskFormat } from '../image/output-format.ts';
import { lintContainer } from '../lint/lint.ts';
import type { LintResult } from '../lint/result.ts';
import { withTraces } from '../lint/traces.ts';
import type { LoadedConfig } from './config.ts';
import type { ChangeDescription } from './describe.ts';
import { type Gate, gateOf } from './gate.ts';
import { loadConfig } from './load-config.ts';
import { checkAttachments, checkOutput, outputNames, withOutputLock } from './output.ts';
import { describePlan, makePlan, type Plan, type PlanDescription, type PlanSource, type StepChoice } from './plan.ts';
import { runSteps, type StepReport, type StepRun } from './run.ts';
import { checkPlan, checkWork, type SavedPlan } from './saved-plan.ts';
import { type Settled, settle } from './settle.ts';
import { withStaged } from './staged.ts';

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
  /** Of content read so far, where there is such a thing. */
  readonly bytes?: number;
}

export interface BuildReport {
  readonly schema: 'wtgforge/build@1';
  readonly plan: PlanDescription;
  readonly image: ImageInfo;
  readonly steps: readonly StepDescription[];
  readonly notes: readonly string[];
  readonly lint: LintResult;
  readonly sha256: string;
  /** SHA-256 of the further files of a split WIM, in order. */
  readonly parts?: readonly string[];
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
  return withImage(config, options, async (image, index, source) => {
    const plan = makePlan(config, index, options, source);
    checkPlan(plan, options.saved, file);
    const { path: output } = plan.output;
    await checkOutput(plan.image.path, output, options.force ?? false, plan.packing?.format === 'swm');
    return withOutputLock(output, () =>
      withStaged(outputNames(output).staged, (staged) => make(config.file, { plan, gate, image, staged }, options)),
    );
  });
}

/** Runs the steps without writing anything. */
export async function dryRun(file: string, options: BuildOptions = {}): Promise<PlanResult> {
  const config = withOutput(await loadConfig(file), options.output);
  return withImage(config, options, async (image, index, source) => {
    const plan = makePlan(config, index, options, source);
    return { plan, image: image.info, run: await runSteps(plan, image, { ...progressOf(options), dry: true }) };
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
  const { notes, parts: further } = await commit(run.journal, { staged, ...shapeOf(plan), ...more });
  const [sha256, parts, linted] = await Promise.all([
    digestOf(staged, signal),
    digestsOf(further, signal),
    lintStaged(gate, staged, plan.output.path, options),
  ]);
  const lint = withTraces(linted, {
    traces: run.steps.flatMap(({ traces }) => traces),
    index: indexIn(plan, image),
    allow: gate.allow,
  });
  if (options.verifyReproducible) await verifyReproducible(plan, image, [sha256, ...parts.map((part) => part.sha256)], staged, more);
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
    ...(parts.length > 0 ? { parts: parts.map((part) => part.sha256) } : {}),
  };
  return {
    report,
    artifact: await settle({ path: staged, sha256, parts }, lint, plan.output.path, { attachments: run.attachments, report }),
  };
}

export function describeSteps(steps: readonly StepReport[]): readonly StepDescription[] {
  return steps.map(({ described, ...step }) => ({ ...step, changes: described }));
}

/** Builds a second time from the same source and compares: whatever differs would differ on the next machine, too. */
async function verifyReproducible(plan: Plan, image: Image, first: readonly string[], staged: string, more: CommitMore): Promise<void> {
  await withStaged(`${staged}.again`, async (again) => {
    const { journal } = await runSteps(plan, image, more.signal ? { signal: more.signal } : {});
    const { parts } = await commit(journal, { staged: again, ...shapeOf(plan), ...more });
    const second = (await digestsOf([again, ...parts], more.signal)).map(({ sha256 }) => sha256);
    if (second.join() === first.join()) return;
    throw new ImageError(
      'BUILD_NOT_REPRODUCIBLE',
      `${plan.output.path}: two builds of the same plan differ (SHA-256 ${first.join(' ')} and ${second.join(' ')})`,
      {
        hint: 'A step uses something that changes from run to run, such as the time or a random number; an NTFS volume is never written twice the same.',
      },
    );
  });
}

function shapeOf({ output, packing }: Plan): Pick<CommitOptions, 'images' | 'packing'> {
  return { images: output.images, ...(packing ? { packing } : {}) };
}

/** Which image of the output was built. */
function indexIn({ output, packing }: Plan, { info }: Image): number {
  const kept = isDiskFormat(info.container) && isDiskFormat(packing?.format ?? info.container); // a disk keeps all its volumes
  return kept || output.images === 'all' ? info.index : 1;
}

async function digestsOf(paths: readonly string[], signal: AbortSignal | undefined): Promise<Artifact[]> {
  const digests: Artifact[] = [];
  for (const path of paths) digests.push({ path, sha256: await digestOf(path, signal) });
  return digests;
}

type CommitMore = Pick<CommitOptions, 'time' | 'signal'>;

/** Lints what ships, opened again from disk; the result names the output, not the staged file. */
async function lintStaged(gate: Gate, staged: string, output: string, options: BuildOptions): Promise<LintResult> {
  const { signal, onProgress } = options;
  onProgress?.({ phase: 'lint' });
  const result = await lintContainer(staged, {
    ...gate,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { progress: (done: number, total: number, bytes: number) => onProgress({ phase: 'lint', done, total, bytes }) } : {}),
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
  use: (image: Image, index: number, source: PlanSource) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  options.onProgress?.({ phase: 'open', detail: config.image.path });
  const digest = await beginInputDigest(config.image.path);
  try {
    return await withContainer(config, async (container, image, index) =>
      use(image, index, { input: await digest.of(container), container: container.id }),
    );
  } finally {
    digest.stop();
  }
}

async function withContainer<T>(config: LoadedConfig, use: (container: Container, image: Image, index: number) => Promise<T>): Promise<T> {
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
      return await use(container, image, index);
    } finally {
      await image.close();
    }
  } finally {
    await container.close();
  }
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function timeOf(epoch: string | undefined): Date {
  if (epoch === undefined || epoch === '') return new Date();
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new ConfigError('SOURCE_DATE_EPOCH', `SOURCE_DATE_EPOCH: is not a whole number of seconds (${JSON.stringify(epoch)})`);
  }
  return new Date(Number(epoch) * 1000);
}
