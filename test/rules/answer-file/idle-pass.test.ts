// The rule over images: every pass is processed where the file lies.
import { test } from 'uvu';
import { idlePass } from '../../../rules/answer-file/idle-pass.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(idlePass, structureCases['idle-pass'], ['idle']);

test.run();
