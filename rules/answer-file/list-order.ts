// The Order of list items: there, a number, unique, and beginning with 1.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { listOrder as check } from '../../unattend/checks/list-order.ts';

export const listOrder = answerFileRule(check);
