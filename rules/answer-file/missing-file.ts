// Commands that need a file which the image does not hold.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { missingFile as check } from '../../unattend/checks/missing-file.ts';

export const missingFile = answerFileRule(check);
