// The rule over images: components are for the architecture of the image.
import { test } from 'uvu';
import { architecture } from '../../../rules/answer-file/architecture.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(architecture, structureCases.architecture, ['unknown', 'noneFits', 'skipped']);

test.run();
