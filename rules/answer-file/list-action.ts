// List items without wcm:action, or with an action that does not exist.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { listAction as check } from '../../unattend/checks/list-action.ts';

export const listAction = answerFileRule(check);
