// The passes of an answer file: each one known, each one once, and nothing beside them.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { passes as check } from '../../unattend/checks/passes.ts';

export const passes = answerFileRule(check);
