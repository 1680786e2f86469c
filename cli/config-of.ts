// The config that a command works with: the named one, else build.config.ts of the working directory, else none.
import { existsSync } from 'node:fs';
import type { LoadedConfig } from '../pipeline/config.ts';
import { loadConfig } from '../pipeline/load-config.ts';

/** @throws ConfigError when there is one and it cannot be loaded. */
export async function configOf(file: string | undefined): Promise<LoadedConfig | undefined> {
  if (file !== undefined) return loadConfig(file);
  return existsSync('build.config.ts') ? loadConfig('build.config.ts') : undefined;
}
