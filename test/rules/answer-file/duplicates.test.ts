// The rule over images: components and settings stand once.
import { test } from 'uvu';
import { duplicates } from '../../../rules/answer-file/duplicates.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(duplicates, valueCases.duplicates, ['component', 'setting']);

test.run();
