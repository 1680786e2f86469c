// The SID of a machine: from made values, and the same as the account domain that real SECURITY hives name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../image/hive.ts';
import { machineSid } from '../../image/machine-sid.ts';
import { fakeHive } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';

const KEY = 'SAM\\Domains\\Account';
const withRealData = needRealData(test);

test('the last three numbers of V', () => {
  const value = new Uint8Array([9, 9, 9, 9, 1, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255]);
  assert.is(machineSid(fakeHive({ [KEY]: { V: value } })), 'S-1-5-21-1-2-4294967295');
});

test('no value, one that is too short, and one of zeros', () => {
  assert.is(machineSid(fakeHive({ [KEY]: {} })), undefined);
  assert.is(machineSid(fakeHive({ [KEY]: { V: new Uint8Array(11).fill(1) } })), undefined);
  assert.is(machineSid(fakeHive({ [KEY]: { V: new Uint8Array(40) } })), undefined);
});

/** PolAcDmS of the SECURITY hive holds the same SID: revision, count, authority, 21, and the three numbers. */
withRealData('the same as the policy of a real Windows 8.1 says', () => {
  const open = (file: string) => openHive(new Uint8Array(readFileSync(join(realData, 'hives', file))), file);
  const sid = Buffer.from(open('win81.SECURITY').value('Policy\\PolAcDmS', '')!.raw);
  const numbers = [12, 16, 20].map((at) => sid.readUInt32LE(at));
  assert.is(machineSid(open('win81.SAM')), `S-1-5-21-${numbers.join('-')}`);
});

test.run();
