// The rule over images: order of list items is unique and begins with 1.
import { test } from 'uvu';
import { listOrder } from '../../../rules/answer-file/list-order.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(listOrder, valueCases['list-order'], ['missing', 'noNumber', 'twice', 'start', 'gap']);

test.run();
