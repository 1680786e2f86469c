// The check of an answer file: every setting is known.
import { test } from 'uvu';
import { knownSetting } from '../../../unattend/checks/known-setting.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(knownSetting, structureCases['known-setting']);

test.run();
