// The rule over images: every setting stands in a pass where it works.
import { test } from 'uvu';
import { settingPass } from '../../../rules/answer-file/setting-pass.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(settingPass, structureCases['setting-pass'], ['wrongPass']);

test.run();
