// The text report: grouped and worst first; nothing from the image can forge a line of it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { text } from '../../report/text.ts';
import { assertExpected, cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';

test('a result with one of everything', () => assertExpected('sample.txt', text.render(sampleResult, sampleContext)));

test('a clean result', () => assertExpected('clean.txt', text.render(cleanResult, sampleContext)));

test('names with line feeds and reordering marks stay on their line', () => {
  const report = text.render(sampleResult, sampleContext);
  assert.not.match(report, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  assert.match(report, 'holds one\\u{a}accepted');
  assert.match(report, '/a\\u{a}\\u{202e}error\\u{d800}:hid den');
  assert.not.ok(report.split('\n').includes('accepted'));
});

test('colour only when it is asked for, and the same words with it', () => {
  const coloured = text.render(sampleResult, { ...sampleContext, colour: true });
  const plain = text.render(sampleResult, sampleContext);
  assert.match(coloured, '\x1b[31m');
  assert.is(coloured.replace(/\x1b\[\d+m/g, ''), plain);
});

test.run();
