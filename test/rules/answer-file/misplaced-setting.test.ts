// The rule over images: groups of settings stand under their component.
import { test } from 'uvu';
import { misplacedSetting } from '../../../rules/answer-file/misplaced-setting.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(misplacedSetting, structureCases['misplaced-setting'], ['misplaced']);

test.run();
