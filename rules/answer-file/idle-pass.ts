// Passes that nothing processes when an installed image starts for the first time.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { idlePass as check } from '../../unattend/checks/idle-pass.ts';

export const idlePass = answerFileRule(check);
