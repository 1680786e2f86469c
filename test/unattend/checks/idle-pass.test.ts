// The check of an answer file: every pass is processed where the file lies.
import { test } from 'uvu';
import { idlePass } from '../../../unattend/checks/idle-pass.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(idlePass, structureCases['idle-pass']);

test.run();
