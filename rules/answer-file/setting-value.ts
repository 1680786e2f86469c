// Values that are not of the kind that the unattend reference gives for their setting.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { settingValue as check } from '../../unattend/checks/setting-value.ts';

export const settingValue = answerFileRule(check);
