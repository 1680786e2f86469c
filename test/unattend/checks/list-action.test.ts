// The check of an answer file: list items carry wcm:action.
import { test } from 'uvu';
import { listAction } from '../../../unattend/checks/list-action.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(listAction, valueCases['list-action']);

test.run();
