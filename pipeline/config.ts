// The config: what the author writes in build.config.ts, loaded and checked as a whole.
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors.ts';
import type { GivenProfiles } from '../lint/profile.ts';
import type { AllowlistEntry } from '../lint/result.ts';
import type { Rule } from '../lint/rule.ts';
import { faultsOfConfig } from './config-faults.ts';
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
}

export interface Config {
  readonly image: { readonly path: string; readonly index?: number; readonly edition?: string };
  /** `images: 'built'` ships only the built image, `'all'` every image of the source. */
  readonly output: { readonly path: string; readonly images?: 'built' | 'all' };
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

/**
 * Loads and checks a config file.
 * @throws ConfigError CONFIG_ABSENT, CONFIG_FAILED (the file throws), CONFIG_FOREIGN (not made by defineConfig),
 *   CONFIG_INVALID (every mistake with its path, all at once).
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new ConfigError('CONFIG_ABSENT', `${file}: there is no such config file`, {
      hint: 'Run "wtgforge init" to write one, or name another file.',
    });
  }
  const loaded = await importConfig(file, path);
  const config = loaded as Config | undefined;
  if (typeof config !== 'object' || config === null || !(BRAND in config)) {
    throw new ConfigError('CONFIG_FOREIGN', `${file}: is not a wtgforge config (its default export was not made by defineConfig)`, {
      hint: 'Other tools use a file of that name, too: write "export default defineConfig({ … })" with defineConfig from "wtgforge", or name the right file.',
    });
  }
  const faults = faultsOfConfig(config);
  if (faults.length > 0) {
    const count = faults.length === 1 ? '1 mistake' : `${faults.length} mistakes`;
    throw new ConfigError('CONFIG_INVALID', `${file}: ${count}\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'See docs/steps.md and docs/rules.md for the options.',
    });
  }
  const folder = dirname(path);
  return {
    ...config,
    file: path,
    image: { ...config.image, path: resolve(folder, config.image.path) },
    output: { ...config.output, path: resolve(folder, config.output.path) },
    ...(config.lint?.baseline === undefined ? {} : { lint: { ...config.lint, baseline: resolve(folder, config.lint.baseline) } }),
  };
}

async function importConfig(file: string, path: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(path).href, {
    moduleCache: false,
    fsCache: false,
    // Always this very instance of wtgforge, however the config's own folder would resolve the name: brand, steps and errors must be ours.
    virtualModules: {
      wtgforge: await import('../index.ts'),
      'wtgforge/steps': await import('../steps/index.ts'),
      'wtgforge/rules': await import('../rules/index.ts'),
      'wtgforge/unattend': await import('../unattend/index.ts'),
    },
  });
  try {
    return await jiti.import(path, { default: true });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new ConfigError('CONFIG_FAILED', `${file}: cannot be loaded (${said})`, {
      hint: 'Run with --debug to see where it stops.',
      cause,
    });
  }
}
