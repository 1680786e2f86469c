// File times from dates, and as the WIM XML writes them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileTimeXml, toFileTime } from '../../../formats/wim/filetime.ts';

test('known times', () => {
  assert.is(toFileTime(new Date('1601-01-01T00:00:00Z')), 0n);
  assert.is(toFileTime(new Date(0)), 116444736000000000n);
  assert.is(toFileTime(new Date('2020-01-02T03:04:05Z')), 132224078450000000n);
});

test('two halves of eight digits', () => {
  assert.is(fileTimeXml(0x01dd7ba1_0044ff80n), '<HIGHPART>0x01DD7BA1</HIGHPART><LOWPART>0x0044FF80</LOWPART>');
  assert.is(fileTimeXml(0n), '<HIGHPART>0x00000000</HIGHPART><LOWPART>0x00000000</LOWPART>');
});

test.run();
