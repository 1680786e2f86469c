// A folder with a small Windows image and a config, as a release engineer would have it; for tests of the whole pipeline.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSmallImage, type SmallImageOptions } from '../../scripts/dev/fixtures.ts';
import { withScratch } from '../../tools/scratch.ts';
import { type CliRun, cli } from './run-cli.ts';

export const ALL_STEPS = `[
    generalizeAnswerFile({ timeZone: 'W. Europe Standard Time' }),
    kmsClient({ host: 'kms.corp.example' }),
    timeClient({ servers: ['ntp1.corp.example', 'ntp2.corp.example'] }),
    chronyConf({ servers: ['ntp1.corp.example'], allow: ['10.0.0.0/8'] }),
    sppCacheTask(),
    workspacePolicy(),
  ]`;

export interface ConfigParts {
  readonly image?: string;
  readonly output?: string;
  readonly steps?: string;
  readonly lint?: string;
  readonly head?: string;
}

export interface Workspace {
  readonly folder: string;
  readonly image: string;
  readonly output: string;
  /** Writes build.config.ts; each part is TypeScript text. */
  configure(parts?: ConfigParts): Promise<string>;
  /** `wtgforge build CONFIG …words`. */
  build(...words: string[]): Promise<CliRun>;
  /** Every file of the folder but the config, with its SHA-256: what was there before must be there afterwards, and nothing else. */
  listing(): Readonly<Record<string, string>>;
}

export async function inWorkspace(use: (workspace: Workspace) => Promise<void>, image: SmallImageOptions = {}): Promise<void> {
  await withScratch(async (folder) => {
    const path = await makeSmallImage(folder, image);
    const config = join(folder, 'build.config.ts');
    const workspace: Workspace = {
      folder,
      image: path,
      output: join(folder, 'golden.wim'),
      async configure(parts = {}) {
        await writeFile(config, configText(parts, path));
        return config;
      },
      build: (...words) => cli(['build', config, ...words]),
      listing: () => listing(folder),
    };
    await workspace.configure();
    await use(workspace);
  });
}

function configText(parts: ConfigParts, image: string): string {
  return `import { defineConfig, defineStep, secret } from 'wtgforge';
import { chronyConf, generalizeAnswerFile, kmsClient, sppCacheTask, timeClient, workspacePolicy } from 'wtgforge/steps';
void [defineStep, secret, chronyConf, generalizeAnswerFile, kmsClient, sppCacheTask, timeClient, workspacePolicy];
${parts.head ?? ''}
export default defineConfig({
  image: ${parts.image ?? `{ path: ${JSON.stringify(image)} }`},
  output: ${parts.output ?? "{ path: 'golden.wim' }"},
  steps: ${parts.steps ?? ALL_STEPS},
  lint: ${parts.lint ?? "{ kmsHosts: ['kms.corp.example'] }"},
});
`;
}

function listing(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'build.config.ts' && statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** A config with the steps that every image takes; `more` goes into `output`. */
export function allStepsConfig(image: string, output: string, more = ''): string {
  return configText({ output: `{ path: ${JSON.stringify(output)}${more} }` }, image);
}
