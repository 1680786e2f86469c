// The rule over images: the computer name is one that Windows takes.
import { test } from 'uvu';
import { computerName } from '../../../rules/answer-file/computer-name.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(computerName, valueCases['computer-name'], ['tooLong', 'forbidden', 'digits', 'placeholder']);

test.run();
