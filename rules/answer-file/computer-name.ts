// Computer names that Windows refuses.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { computerName as check } from '../../unattend/checks/computer-name.ts';

export const computerName = answerFileRule(check, 'error');
