// Loads a config file as a module that finds this very program under its name, and checks it as a whole.
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors.ts';
import { isConfig, type LintConfig, type LoadedConfig } from './config.ts';
import { faultsOfConfig } from './config-faults.ts';

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
  const config = await importConfig(file, path);
  if (!isConfig(config)) {
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
    ...(config.lint ? { lint: withPaths(config.lint, folder) } : {}),
  };
}

function withPaths(lint: LintConfig, folder: string): LintConfig {
  const { baseline, signatures } = lint;
  return {
    ...lint,
    ...(baseline === undefined ? {} : { baseline: resolve(folder, baseline) }),
    ...(signatures === undefined ? {} : { signatures: resolve(folder, signatures) }),
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
      'wtgforge/testing': await import('../lint/testing/index.ts'),
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
