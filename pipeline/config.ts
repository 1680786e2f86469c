// The config: what the author writes in build.config.ts.
import type { GivenPacking } from '../image/output-format.ts';
import type { GivenProfiles } from '../lint/profile.ts';
import type { AllowlistEntry } from '../lint/result.ts';
import type { Rule } from '../lint/rule.ts';
import type { ConfiguredStep } from './step.ts';

export interface LintConfig {
  /** KMS hosts that the image may name, as `host` or `host:port`. */
  readonly kmsHosts?: readonly string[];
  /** What evidence weighs: `release` (the strictest, and the default), `nightly`, `dev` or one of `profiles`. */
  readonly profile?: string;
  /** Profiles of your own by name; what one leaves out is as in `release`. */
  readonly profiles?: GivenProfiles;
  /** Declared exceptions. */
  readonly allow?: readonly AllowlistEntry[];
  /** A file of exceptions beside `allow`, written by `wtgforge lint --update-baseline`. */
  readonly baseline?: string;
  /** Options of rules, by rule id. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Rules beside the built-in ones. */
  readonly rules?: readonly Rule[];
  /** A folder of your own `.yar` files; each is a rule `signatures/NAME` unless one of `rules` works with it. */
  readonly signatures?: string;
}

export interface Config {
  readonly image: { readonly path: string; readonly index?: number; readonly edition?: string };
  /** `images: 'built'` ships only the built image, `'all'` every image of the source. */
  readonly output: { readonly path: string; readonly images?: 'built' | 'all' } & GivenPacking;
  readonly steps: readonly ConfiguredStep[];
  readonly lint?: LintConfig;
}

/** A config together with where it came from; relative paths in it start at its folder. */
export interface LoadedConfig extends Config {
  readonly file: string;
}

const BRAND = Symbol.for('wtgforge.config');

/** Marks an object as a config of ours: other tools load a `build.config.ts`, too. */
export function defineConfig(config: Config): Config {
  return Object.defineProperty({ ...config }, BRAND, { value: true, enumerable: false });
}

export function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && BRAND in value;
}
