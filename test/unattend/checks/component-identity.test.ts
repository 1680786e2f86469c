// The check of an answer file: components carry their whole identity.
import { test } from 'uvu';
import { componentIdentity } from '../../../unattend/checks/component-identity.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(componentIdentity, structureCases['component-identity']);

test.run();
