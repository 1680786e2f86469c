// wtgforge init: a commented build.config.ts to start from.
import { writeFile } from 'node:fs/promises';
import { ConfigError } from '../../errors.ts';
import type { Command } from '../command.ts';

const TEMPLATE = `// What wtgforge builds: see "wtgforge list steps" and docs/steps.md for every step and its options.
import { defineConfig } from 'wtgforge';
import { chronyConf, generalizeAnswerFile, kmsClient, sppCacheTask, timeClient, workspacePolicy } from 'wtgforge/steps';

const kmsHost = 'kms.corp.example';
const ntpServers = ['ntp1.corp.example', 'ntp2.corp.example', 'ntp3.corp.example'];

export default defineConfig({
  // The base image; choose the Windows in it by edition or by index.
  image: { path: 'install.wim', edition: 'Enterprise' },
  // Appears only whole and accepted. images: 'all' would keep the other images of the base, too.
  output: { path: 'golden.wim' },
  // Run in this order.
  steps: [
    generalizeAnswerFile({ timeZone: 'W. Europe Standard Time' }),
    kmsClient({ host: kmsHost }),
    timeClient({ servers: ntpServers }),
    chronyConf({ servers: ntpServers, allow: ['10.0.0.0/8'] }),
    sppCacheTask(),
    workspacePolicy(),
  ],
  lint: {
    // Any other KMS host in the image is an error.
    kmsHosts: [kmsHost],
    // Declared exceptions: { rule: 'family/rule', at: '/path or HIVE\\\\key glob', reason: 'why', until: 'YYYY-MM-DD' }
    allow: [],
  },
});
`;

export const init: Command = {
  id: 'init',
  summary: 'Write a commented build.config.ts for a new project.',
  description: 'Writes build.config.ts into this folder and nothing else. An existing file is never replaced.',
  options: {},
  async run(_input, io) {
    try {
      await writeFile('build.config.ts', TEMPLATE, { flag: 'wx' });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new ConfigError('CONFIG_UNWRITABLE', `build.config.ts: cannot be written (${code === 'EEXIST' ? 'it exists already' : code})`, {
        hint: 'Go to the folder of the new project first.',
        cause,
      });
    }
    io.out('build.config.ts: written. Edit it, then run "wtgforge plan".\n');
    return 0;
  },
};
