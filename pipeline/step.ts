// The Step contract: one unit of change. A step is a plain object with metadata and `run`; the engine opens, orders and commits.
import type { Draft } from '../image/draft.ts';
import type { Image } from '../image/image.ts';
import type { MountProgram } from '../image/on-mount.ts';
import type { Trace } from '../lint/result.ts';
import type { HostFiles } from './host-files.ts';
import type { Given, OptionDefs, Resolved, SecretRef } from './options.ts';

export interface Step<D extends OptionDefs = OptionDefs> {
  /** Kebab-case; equals the file name. */
  readonly id: string;
  /** One line, no full stop. */
  readonly title: string;
  /** Raised when the same options give other changes; 1 unless given. A saved plan of another version is refused. */
  readonly version?: number;
  /** What it changes, why, and on which facts it stands; Markdown. */
  readonly description: string;
  readonly options: D;
  /** Ids of steps that must stand earlier in the config when they are there at all: order is the config's array, `after` only checks it. */
  readonly after?: readonly string[];
  /** The reason why there is nothing to do for this image, or undefined. */
  skip?(image: Pick<Image, 'info' | 'has' | 'hive'>, options: Resolved<D>): Promise<string | undefined> | string | undefined;
  /** Records its changes in the draft. Running it on its own output must change nothing. */
  run(draft: Draft, options: Resolved<D>, ctx: StepContext): Promise<void> | void;
}

export interface StepContext {
  readonly signal: AbortSignal;
  /** The value behind a reference; ConfigError when it is absent. */
  reveal(secret: SecretRef): Promise<string>;
  /** Files of the host, by paths from the config's folder. What a step reads counts for `build --plan`: a file that changed is refused. */
  readonly host: Omit<HostFiles, 'inputs'>;
  /** A file shipped in scripts/guest by its name, as text with LF line ends. */
  guest(name: string): Promise<string>;
  /** A file that belongs beside the output (`golden.wim` + `chrony.conf` → `golden.chrony.conf`). */
  attach(name: string, content: string): void;
  /**
   * Runs a foreign program over the mounted image as it stands after the steps so far, and records what it changed. A plan cannot know that: a dry
   * run does not start it and says so. What the program reads from the host should go through `host`, so that it counts for `build --plan`.
   */
  onMount(program: MountProgram): Promise<void>;
  /** A remark for the report that is not a change. */
  note(message: string): void;
  /** A certain sign of a forged activation that the step takes away: it stays in the report and needs an allowlist entry before the image is accepted. */
  trace(trace: Trace): void;
  /** Refuses: becomes a StepError that names the step. */
  fail(message: string, hint?: string): never;
}

/** In the config: a step and what its author gave. */
export interface ConfiguredStep {
  readonly step: Step;
  readonly given: Readonly<Record<string, unknown>>;
}

/** In the plan: the same step and its resolved options. */
export interface PlannedStep {
  readonly step: Step;
  readonly options: Readonly<Record<string, unknown>>;
}

type NoRequired<D extends OptionDefs> = Record<never, never> extends Given<D> ? true : false;
export type StepFactory<D extends OptionDefs> = (NoRequired<D> extends true
  ? (given?: Given<D>) => ConfiguredStep
  : (given: Given<D>) => ConfiguredStep) & { readonly step: Step<D> };

/** Makes the factory that a config calls: `kmsClient({ host: 'kms.corp.example' })`. */
export function defineStep<const D extends OptionDefs>(step: Step<D>): StepFactory<D> {
  const factory = (given: Readonly<Record<string, unknown>> = {}): ConfiguredStep => ({ step: step as unknown as Step, given });
  return Object.assign(factory, { step }) as unknown as StepFactory<D>;
}
