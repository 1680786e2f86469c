// Settings that stand in a pass in which they do nothing.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { settingPass as check } from '../../unattend/checks/setting-pass.ts';

export const settingPass = answerFileRule(check);
