// The rule over images: files that commands need are in the image.
import { test } from 'uvu';
import { missingFile } from '../../../rules/answer-file/missing-file.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(missingFile, valueCases['missing-file'], ['absent']);

test.run();
