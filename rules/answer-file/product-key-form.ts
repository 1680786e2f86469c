// Product key elements that hold no key: empty ones, and text of another form.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { productKeyForm as check } from '../../unattend/checks/product-key-form.ts';

export const productKeyForm = answerFileRule(check);
