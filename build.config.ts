// The example image: what scripts/demo.sh builds from the phony base image in out/, with every step. Copy what you need for an image of your own.
import { defineConfig } from 'wtgforge';
import {
  activationReset,
  chronyConf,
  drivers,
  files,
  firstBoot,
  generalizeAnswerFile,
  kmsClient,
  registry,
  scheduledTask,
  script,
  sppCacheTask,
  timeClient,
  workspacePolicy,
} from 'wtgforge/steps';

/** Where the files of the example stand, from this folder. */
const EXAMPLE = 'scripts/dev/example';
const TIME = ['ntp1.corp.example', 'ntp2.corp.example', 'ntp3.corp.example'];

export default defineConfig({
  image: { path: 'out/base.wim', edition: 'Enterprise' },
  output: { path: 'out/golden.wim' },
  steps: [
    activationReset(),
    files({
      remove: ['/Windows/Panther/setupact.log', '/Windows/Panther/setuperr.log'],
      copy: [{ from: `${EXAMPLE}/branding`, to: '/Windows/Web/Corp' }],
    }),
    registry({
      files: [`${EXAMPLE}/corp.reg`],
      currentUser: 'default-user',
      values: [{ key: 'HKLM\\SOFTWARE\\Corp\\Workspace', name: 'Sites', list: ['north', 'south'] }],
    }),
    generalizeAnswerFile({
      base: `${EXAMPLE}/unattend.xml`,
      timeZone: 'W. Europe Standard Time',
      locale: 'en-US',
      inputLocale: '0407:00000407',
      extendOsPartition: true,
    }),
    kmsClient({ host: 'kms.corp.example', fallbackHosts: ['kms2.corp.example'], activationType: 2, installKey: true }),
    timeClient({ servers: TIME, hardwareClock: 'local', maxBackward: 172800, repairTriggers: true }),
    chronyConf({ servers: TIME, allow: ['10.20.0.0/16'] }),
    sppCacheTask(),
    drivers({ folders: [`${EXAMPLE}/drivers/monitor`] }),
    scheduledTask({
      tasks: [
        { name: '\\corp\\inventory', xml: `${EXAMPLE}/tasks/inventory.xml` },
        {
          name: '\\corp\\resync',
          command: '%SystemRoot%\\System32\\w32tm.exe',
          arguments: '/resync /nowait',
          triggers: ['boot PT3M', 'daily 12:00'],
          needsNetwork: true,
        },
      ],
    }),
    script({
      scripts: [
        { file: `${EXAMPLE}/scripts/power.cmd`, when: 'first-boot' },
        { file: `${EXAMPLE}/scripts/welcome.ps1`, when: 'logon', runAs: 'users', delay: 'PT30S' },
      ],
    }),
    firstBoot({
      commands: ['type readme.txt', '"%SystemRoot%\\System32\\wevtutil.exe" set-log Application /maxsize:67108864'],
      files: [`${EXAMPLE}/branding/readme.txt`],
    }),
    workspacePolicy(),
  ],
  lint: { kmsHosts: ['kms.corp.example:1688', 'kms2.corp.example:1688'] },
});
