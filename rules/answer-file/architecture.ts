// Components for another architecture than the image: Setup skips them without a word.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { architecture as check } from '../../unattend/checks/architecture.ts';

export const architecture = answerFileRule(check);
