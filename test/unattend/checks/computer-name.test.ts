// The check of an answer file: the computer name is one that Windows takes.
import { test } from 'uvu';
import { computerName } from '../../../unattend/checks/computer-name.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(computerName, valueCases['computer-name']);

test.run();
