// What a script does as a whole: lines that act, and their weight together; lines that take away or only speak weigh nothing.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { normaliseScript } from '../../formats/script/normalise.ts';
import { actingSigns, levelOfSigns } from '../../lint/script-judgement.ts';

const signsOf = (...lines: string[]) =>
  actingSigns(normaliseScript(new TextEncoder().encode(lines.join('\r\n')), 'batch'), ['kms.corp.example']);
const SET = 'cscript slmgr.vbs /skms kms.evil.example';
const TICKET = 'clipup -v -o';

test('one strong sign is strong, two are certain, one that is certain is so alone', () => {
  assert.is(levelOfSigns(signsOf(SET)), 'strong');
  assert.is(levelOfSigns(signsOf(SET, TICKET)), 'certain');
  assert.is(levelOfSigns(signsOf('cscript slmgr.vbs /skms 127.0.0.2')), 'certain');
});

test('a listed host, a word of a message and an empty script are nothing', () => {
  assert.equal(signsOf('cscript slmgr.vbs /skms kms.corp.example'), []);
  assert.equal(signsOf(`echo ${SET}`, `rem ${TICKET}`), []);
  assert.equal(signsOf(''), []);
  assert.is(levelOfSigns([]), 'weak');
});

test.run();
