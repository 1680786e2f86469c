// The rule over images: values are of the kind that their setting takes.
import { test } from 'uvu';
import { settingValue } from '../../../rules/answer-file/setting-value.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(settingValue, valueCases['setting-value'], ['wrong', 'empty', 'placeholder']);

test.run();
