// The check of an answer file: hidden passwords are encoded for their element.
import { test } from 'uvu';
import { passwordEncoding } from '../../../unattend/checks/password-encoding.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(passwordEncoding, valueCases['password-encoding']);

test.run();
