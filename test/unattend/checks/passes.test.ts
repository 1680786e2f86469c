// The check of an answer file: every pass is known and stands once.
import { test } from 'uvu';
import { passes } from '../../../unattend/checks/passes.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(passes, structureCases.passes);

test.run();
