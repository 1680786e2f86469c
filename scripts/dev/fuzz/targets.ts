// Every target of the fuzzer.
import { fatTarget, lznt1Target, ntfsTarget, partitionTarget, qcow2Target, vhdTarget, vhdxTarget } from './disk-targets.ts';
import { descriptorTarget, linkTarget, peTarget, scriptTarget, taskFileTarget, wimFrameTarget, wimTarget } from './file-targets.ts';
import { bcdTarget, hiveTarget, logTarget, taskTarget } from './hive-targets.ts';
import { signedTarget, ticketTarget, writtenTarget } from './signature-targets.ts';
import type { Target } from './target.ts';
import { textTargets } from './text-targets.ts';

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
  vhdTarget,
  vhdxTarget,
  qcow2Target,
  partitionTarget,
  ntfsTarget,
  fatTarget,
  lznt1Target,
  signedTarget,
  ticketTarget,
  writtenTarget,
  ...textTargets,
];
