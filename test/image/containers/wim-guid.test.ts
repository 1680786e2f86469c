// GUIDs made from a WIM: always the same ones, and none of them random.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedGuid, stampGuid } from '../../../image/containers/wim-guid.ts';
import { withScratch } from '../../../tools/scratch.ts';

test('derived from the GUID of the file and a word; stamped where it belongs', () =>
  withScratch(async (folder) => {
    const path = join(folder, 'a.wim');
    writeFileSync(path, Buffer.alloc(208, 7));
    const [one, again, other] = [await derivedGuid(path, 'a'), await derivedGuid(path, 'a'), await derivedGuid(path, 'b')];
    assert.equal(one, again);
    assert.not.equal(one, other);
    assert.is(one.length, 16);
    assert.is(one[7]! >> 4, 8, 'version 8');
    assert.is(one[8]! >> 6, 2, 'the variant of RFC 9562');
    await stampGuid(path, other);
    const after = readFileSync(path);
    assert.ok(after.subarray(24, 40).equals(Buffer.from(other)));
    assert.ok(after.subarray(0, 24).every((byte) => byte === 7) && after.subarray(40).every((byte) => byte === 7));
    assert.not.equal(await derivedGuid(path, 'a'), one);
  }));

test.run();
