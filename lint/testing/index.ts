// "wtgforge/testing": what tests of your own rules are made of. It needs no test runner of ours and starts nothing.
export { signatureRule } from '../signature-rule.ts';
export { type FakeFile, type FakeKeys, type FakeSpec, type FakeValue, fakeImage } from './fake-image.ts';
export { type BadCase, type ExpectedFinding, type GoodCase, type RegisterTest, type RuleCases, testRule } from './rule-tester.ts';
