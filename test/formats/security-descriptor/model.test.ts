// Generic rights spelled out as file rights.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  fileRights,
  GENERIC_ALL,
  GENERIC_EXECUTE,
  GENERIC_READ,
  GENERIC_WRITE,
  hasGenericRights,
} from '../../../formats/security-descriptor/model.ts';

test('each generic right, and several together', () => {
  assert.is(fileRights(GENERIC_READ), 0x120089);
  assert.is(fileRights(GENERIC_WRITE), 0x120116);
  assert.is(fileRights(GENERIC_EXECUTE), 0x1200a0);
  assert.is(fileRights(GENERIC_ALL), 0x1f01ff);
  assert.is(fileRights(GENERIC_READ | GENERIC_EXECUTE), 0x1200a9);
  assert.is(fileRights(0xe0010000), 0x1301bf); // what "modify" is written as
});

test('specific rights stay as they are, the highest bit included', () => {
  assert.is(fileRights(0x1200a9), 0x1200a9);
  assert.is(fileRights(0), 0);
  assert.is(hasGenericRights(0x1f01ff), false);
  for (const generic of [GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, GENERIC_ALL]) assert.is(hasGenericRights(generic), true);
});

test.run();
