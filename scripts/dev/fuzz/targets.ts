// Every target of the fuzzer.
import { descriptorTarget, linkTarget, peTarget, scriptTarget, taskFileTarget, wimFrameTarget, wimTarget } from './file-targets.ts';
import { bcdTarget, hiveTarget, logTarget, taskTarget } from './hive-targets.ts';
import type { Target } from './target.ts';

export const targets: readonly Target[] = [
  hiveTarget,
  logTarget,
  bcdTarget,
  taskTarget,
  peTarget,
  linkTarget,
  wimTarget,
  wimFrameTarget,
  scriptTarget,
  taskFileTarget,
  descriptorTarget,
];
