// Hidden passwords that Setup would read as something else: not Base64, or Base64 with the name of another element behind it.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { passwordEncoding as check } from '../../unattend/checks/password-encoding.ts';

export const passwordEncoding = answerFileRule(check);
