// The check of an answer file: order of list items is unique and begins with 1.
import { test } from 'uvu';
import { listOrder } from '../../../unattend/checks/list-order.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(listOrder, valueCases['list-order']);

test.run();
