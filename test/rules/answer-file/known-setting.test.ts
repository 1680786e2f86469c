// The rule over images: every setting is known.
import { test } from 'uvu';
import { knownSetting } from '../../../rules/answer-file/known-setting.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(knownSetting, structureCases['known-setting'], ['unknown']);

test.run();
