// The example image: what scripts/demo.sh builds from the phony base image in out/. Copy it for an image of your own.
import { defineConfig } from 'wtgforge';
import { chronyConf, generalizeAnswerFile, kmsClient, sppCacheTask, timeClient, workspacePolicy } from 'wtgforge/steps';

export default defineConfig({
  image: { path: 'out/base.wim', edition: 'Enterprise' },
  output: { path: 'out/golden.wim' },
  steps: [
    generalizeAnswerFile({ timeZone: 'W. Europe Standard Time', locale: 'en-US', inputLocale: '0407:00000407' }),
    kmsClient({ host: 'kms.corp.example' }),
    timeClient({ servers: ['ntp1.corp.example', 'ntp2.corp.example', 'ntp3.corp.example'] }),
    chronyConf({ servers: ['ntp1.corp.example', 'ntp2.corp.example', 'ntp3.corp.example'], allow: ['10.20.0.0/16'] }),
    sppCacheTask(),
    workspacePolicy(),
  ],
  lint: { kmsHosts: ['kms.corp.example:1688'] },
});
