// The rule over images: components carry their whole identity.
import { test } from 'uvu';
import { componentIdentity } from '../../../rules/answer-file/component-identity.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerRuleTester(componentIdentity, structureCases['component-identity'], ['missing', 'other']);

test.run();
