// The check of an answer file: every setting stands in a pass where it works.
import { test } from 'uvu';
import { settingPass } from '../../../unattend/checks/setting-pass.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(settingPass, structureCases['setting-pass']);

test.run();
