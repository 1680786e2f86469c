// Components that the reference of 2018 does not name: newer ones, older ones, and misspelt ones.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { knownComponent as check } from '../../unattend/checks/known-component.ts';

export const knownComponent = answerFileRule(check, 'note');
