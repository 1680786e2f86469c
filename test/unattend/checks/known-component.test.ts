// The check of an answer file: every component is known.
import { test } from 'uvu';
import { knownComponent } from '../../../unattend/checks/known-component.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { structureCases } from '../../helpers/answer-structure-cases.ts';

answerCheckTester(knownComponent, structureCases['known-component']);

test.run();
