// Every built-in step; written by `npm run gen` from the files of this folder, do not edit.
import type { Step } from '../pipeline/step.ts';
import { activationReset } from './activation-reset.ts';
import { chronyConf } from './chrony-conf.ts';
import { drivers } from './drivers.ts';
import { files } from './files.ts';
import { firstBoot } from './first-boot.ts';
import { generalizeAnswerFile } from './generalize-answer-file.ts';
import { kmsClient } from './kms-client.ts';
import { onMount } from './on-mount.ts';
import { registry } from './registry.ts';
import { scheduledTask } from './scheduled-task.ts';
import { script } from './script.ts';
import { sppCacheTask } from './spp-cache-task.ts';
import { timeClient } from './time-client.ts';
import { workspacePolicy } from './workspace-policy.ts';

export {
  activationReset,
  chronyConf,
  drivers,
  files,
  firstBoot,
  generalizeAnswerFile,
  kmsClient,
  onMount,
  registry,
  scheduledTask,
  script,
  sppCacheTask,
  timeClient,
  workspacePolicy,
};

export const steps: readonly Step[] = [
  activationReset.step as unknown as Step,
  chronyConf.step as unknown as Step,
  drivers.step as unknown as Step,
  files.step as unknown as Step,
  firstBoot.step as unknown as Step,
  generalizeAnswerFile.step as unknown as Step,
  kmsClient.step as unknown as Step,
  onMount.step as unknown as Step,
  registry.step as unknown as Step,
  scheduledTask.step as unknown as Step,
  script.step as unknown as Step,
  sppCacheTask.step as unknown as Step,
  timeClient.step as unknown as Step,
  workspacePolicy.step as unknown as Step,
];
