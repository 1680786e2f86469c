// The rule over images: every component is known.
import { test } from 'uvu';
import { knownComponent } from '../../../rules/answer-file/known-component.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(knownComponent, structureCases['known-component'], ['unknown']);

test.run();
