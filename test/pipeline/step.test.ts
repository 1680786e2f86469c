// The factory of a step: it carries the step and what was given, and asks for options only where one is required.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defineStep } from '../../pipeline/step.ts';

const demanding = defineStep({
  id: 'demanding',
  title: 'Needs a host',
  description: 'For the test.',
  options: { host: { type: 'string', required: true, description: 'Name' } },
  run() {},
});
const easy = defineStep({
  id: 'easy',
  title: 'Needs nothing',
  description: 'For the test.',
  options: { quiet: { type: 'boolean', default: false, description: 'Say less' } },
  run() {},
});

test('a call gives the step and exactly what was given', () => {
  const configured = demanding({ host: 'kms.corp.example' });
  assert.is(configured.step.id, 'demanding');
  assert.equal(configured.given, { host: 'kms.corp.example' });
});

test('without required options the call needs no argument', () => {
  assert.equal(easy().given, {});
  assert.equal(easy({ quiet: true }).given, { quiet: true });
  // @ts-expect-error `host` is required.
  demanding({});
  // @ts-expect-error `hots` is unknown.
  demanding({ host: 'a', hots: 'b' });
});

test('the metadata is at hand without a call', () => {
  assert.is(easy.step.title, 'Needs nothing');
  assert.is(easy.step.options.quiet.default, false);
});

test.run();
