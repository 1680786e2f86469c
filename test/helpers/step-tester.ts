// Runs one step over a fake image as the engine does, and once more over what came out: the second run must change nothing.
import * as assert from 'uvu/assert';
import type { Change, Draft } from '../../image/draft.ts';
import type { HiveName, Image, RegistryValue } from '../../image/image.ts';
import { createJournal } from '../../image/journal.ts';
import type { Trace } from '../../lint/result.ts';
import { type OptionDefs, resolveOptions } from '../../pipeline/options.ts';
import type { Plan } from '../../pipeline/plan.ts';
import { type Attachment, runSteps } from '../../pipeline/run.ts';
import type { ConfiguredStep } from '../../pipeline/step.ts';

export interface StepOutcome {
  readonly skipped: string | undefined;
  readonly changes: readonly Change[];
  /** The changes as short lines: `set SYSTEM Select!Default = 1`, `write /a`, `remove /b`. */
  readonly lines: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly notes: readonly string[];
  readonly traces: readonly Trace[];
  /** The image after the step. */
  readonly image: Image;
  /** Text of a file after the step. */
  text(path: string): Promise<string>;
  /** Decoded value after the step. */
  value(hive: HiveName, key: string, name: string): Promise<RegistryValue['data'] | undefined>;
}

export interface RunOptions {
  /** Values for secret.env references, for the time of the run. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Runs a configured step (`kmsClient({ … })`) on the image, twice. */
export async function runStep(configured: ConfiguredStep, image: Image, options: RunOptions = {}): Promise<StepOutcome> {
  const faults = optionFaults(configured);
  assert.equal(faults, [], 'the options of the test are refused');
  const restore = setEnvironment(options.secrets ?? {});
  try {
    const first = await once(configured, image);
    const second = await once(configured, first.image);
    assert.equal(second.lines, [], 'the second run changes something');
    assert.equal(second.attachments, first.attachments, 'the second run attaches something else');
    return first;
  } finally {
    restore();
  }
}

/** What is wrong with the options of a configured step, as the plan would say it. */
export function optionFaults({ step, given }: ConfiguredStep): readonly string[] {
  const faults: string[] = [];
  resolveOptions(step.options as OptionDefs, given, step.id, faults);
  return faults;
}

/** The options as the author may not write them: for tests of refused options. */
export function unchecked(factory: { readonly step: unknown }, given: Readonly<Record<string, unknown>>): ConfiguredStep {
  return { step: factory.step as ConfiguredStep['step'], given };
}

async function once({ step, given }: ConfiguredStep, image: Image): Promise<StepOutcome> {
  const options = resolveOptions(step.options as OptionDefs, given, step.id, []);
  const run = await runSteps({ steps: [{ step, options }] } as unknown as Plan, image);
  const report = run.steps[0]!;
  const after = asImage(image, run.journal.draft('test'));
  return {
    skipped: report.skipped,
    changes: report.changes,
    lines: report.changes.map(line),
    attachments: run.attachments,
    notes: report.notes,
    traces: report.traces,
    image: after,
    text: async (path) => Buffer.from(await after.read(path)).toString('utf8'),
    value: async (hive, key, name) => (await after.hive(hive)).value(key, name)?.decoded?.data,
  };
}

/** The draft as an image of its own, so that a step can run on its own output. */
function asImage(image: Image, draft: Draft): Image {
  return {
    info: draft.info,
    has: (path) => draft.has(path),
    find: (path) => draft.find(path),
    read: (path) => draft.read(path),
    walk: (select) => draft.walk(select),
    hive: (name) => draft.hive(name),
    stream: (requests, signal) => image.stream(requests, signal),
    close: async () => {},
  };
}

/** Several steps in order over one image, as a config would have them; gives the last image. */
export async function runInOrder(configured: readonly ConfiguredStep[], image: Image): Promise<Image> {
  const journal = createJournal(image);
  const steps = configured.map(({ step, given }) => ({ step, options: resolveOptions(step.options as OptionDefs, given, step.id, []) }));
  const run = await runSteps({ steps } as unknown as Plan, journal.image);
  return asImage(image, run.journal.draft('test'));
}

function line(change: Change): string {
  switch (change.kind) {
    case 'write':
      return `${change.before ? 'replace' : 'write'} ${change.path}`;
    case 'remove':
      return `remove ${change.path}`;
    case 'set-value':
      return `set ${change.hive} ${change.key}!${change.name} = ${shown(change.value)}`;
    case 'delete-value':
      return `delete ${change.hive} ${change.key}!${change.name}`;
    case 'make-key':
      return `make-key ${change.hive} ${change.key}`;
    case 'remove-key':
      return `remove-key ${change.hive} ${change.key}`;
  }
}

function shown(value: RegistryValue): string {
  if (value.type === 'REG_BINARY') return Buffer.from(value.data).toString('hex');
  return value.type === 'REG_SZ' ? JSON.stringify(value.data) : `${value.data}`;
}

function setEnvironment(values: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
