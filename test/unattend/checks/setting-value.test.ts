// The check of an answer file: values are of the kind that their setting takes.
import { test } from 'uvu';
import { settingValue } from '../../../unattend/checks/setting-value.ts';
import { answerCheckTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerCheckTester(settingValue, valueCases['setting-value']);

test.run();
