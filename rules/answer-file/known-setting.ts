// Settings that the reference of 2018 does not name in their component.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { knownSetting as check } from '../../unattend/checks/known-setting.ts';

export const knownSetting = answerFileRule(check, 'note');
