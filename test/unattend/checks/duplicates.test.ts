// The check of an answer file: components and settings stand once.
import { test } from 'uvu';
import { duplicates } from '../../../unattend/checks/duplicates.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(duplicates, valueCases.duplicates);

test.run();
