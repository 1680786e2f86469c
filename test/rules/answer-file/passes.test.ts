// The rule over images: every pass is known and stands once.
import { test } from 'uvu';
import { passes } from '../../../rules/answer-file/passes.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(passes, structureCases.passes, ['unknown', 'none', 'twice', 'outside']);

test.run();
