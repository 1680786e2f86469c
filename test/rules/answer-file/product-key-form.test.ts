// The rule over images: product key elements hold a product key.
import { test } from 'uvu';
import { productKeyForm } from '../../../rules/answer-file/product-key-form.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(productKeyForm, valueCases['product-key-form'], ['empty', 'noKey', 'placeholder']);

test.run();
