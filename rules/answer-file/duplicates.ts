// What stands twice where Setup takes one: a component in a pass, a setting in its group.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { duplicates as check } from '../../unattend/checks/duplicates.ts';

export const duplicates = answerFileRule(check, 'error');
