// The check of an answer file: product key elements hold a product key.
import { test } from 'uvu';
import { productKeyForm } from '../../../unattend/checks/product-key-form.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(productKeyForm, valueCases['product-key-form']);

test.run();
