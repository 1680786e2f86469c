// The check of an answer file: components are for the architecture of the image.
import { test } from 'uvu';
import { architecture } from '../../../unattend/checks/architecture.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(architecture, structureCases.architecture);

test.run();
