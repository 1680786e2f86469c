// The check of an answer file: groups of settings stand under their component.
import { test } from 'uvu';
import { misplacedSetting } from '../../../unattend/checks/misplaced-setting.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(misplacedSetting, structureCases['misplaced-setting']);

test.run();
