// wtgforge answer: the commands that work on answer files without an image.
import type { CommandGroup } from '../command.ts';
import { answerCheck } from './answer-check.ts';
import { answerDecode } from './answer-decode.ts';
import { answerMerge } from './answer-merge.ts';

export const answer: CommandGroup = {
  id: 'answer',
  summary: 'Check, merge or decode answer files (unattend.xml), without an image.',
  commands: [answerCheck, answerMerge, answerDecode],
};
