// The rule over images: list items carry wcm:action.
import { test } from 'uvu';
import { listAction } from '../../../rules/answer-file/list-action.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(listAction, valueCases['list-action'], ['foreign', 'missing', 'unknown']);

test.run();
