// The check of an answer file: files that commands need are in the image.
import { test } from 'uvu';
import { missingFile } from '../../../unattend/checks/missing-file.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(missingFile, valueCases['missing-file']);

test.run();
