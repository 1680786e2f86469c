// Groups of settings under a component that does not own them, like the OOBE group in a printed Windows To Go sample.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { misplacedSetting as check } from '../../unattend/checks/misplaced-setting.ts';

export const misplacedSetting = answerFileRule(check);
