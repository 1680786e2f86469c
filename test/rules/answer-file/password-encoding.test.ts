// The rule over images: hidden passwords are encoded for their element.
import { test } from 'uvu';
import { passwordEncoding } from '../../../rules/answer-file/password-encoding.ts';
import { answerRuleTester } from '../../helpers/answer-check-tester.ts';
import { valueCases } from '../../helpers/answer-value-cases.ts';

answerRuleTester(passwordEncoding, valueCases['password-encoding'], ['notEncoded', 'wrongSuffix', 'placeholder', 'encodedAsPlain']);

test.run();
