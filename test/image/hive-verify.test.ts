// The proof after a hive write finds what a tool did beyond the edits or left undone.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { openRegf } from '../../formats/hive/hive.ts';
import { applyHiveEdits } from '../../image/hive-edit.ts';
import { planHive } from '../../image/hive-plan.ts';
import { verifyHive } from '../../image/hive-verify.ts';
import type { HiveEdit } from '../../image/image.ts';
import { needTools } from '../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });

const set = (key: string, name: string, data: string): HiveEdit => ({ kind: 'set-value', key, name, value: { type: 'REG_SZ', data } });

/** A hive before and after one write, to be twisted. */
async function written(edits: readonly HiveEdit[]) {
  const about = { path: 'x' };
  const start = [set('Edited', 'v', 'old'), set('Bystander', 'v', 'bystander'), set('Gone\\Below', 'v', 'gone')];
  const before = await applyHiveEdits(emptyHive(), start, about);
  const after = await applyHiveEdits(before, edits, about);
  const regf = openRegf(before);
  const plan = planHive(regf, edits, 'x');
  const removedCells = new Set<number>();
  for (const key of plan.removed)
    for (const below of [key, ...regf.subkeys(key)]) for (const cell of regf.cellsOf(below)) removedCells.add(cell);
  return { before, regf, plan, removedCells, after, path: 'x' };
}

function reason(write: Parameters<typeof verifyHive>[0]): string {
  try {
    verifyHive(write);
    return 'none';
  } catch (error) {
    assert.instance(error, ImageError, String(error));
    assert.is((error as ImageError).code, 'HIVE_WRITE_MISMATCH');
    return (error as ImageError).message;
  }
}

/** The bytes with each occurrence of a text (as UTF-16 or Latin-1) replaced. */
function replaced(bytes: Uint8Array, from: string, to: string, encoding: 'utf16le' | 'latin1'): Uint8Array {
  const copy = Buffer.from(bytes);
  const wanted = Buffer.from(from, encoding);
  const at = copy.indexOf(wanted);
  assert.ok(at > 0, from);
  for (let next = at; next >= 0; next = copy.indexOf(wanted, next + 1)) copy.write(to, next, encoding);
  return new Uint8Array(copy);
}

const edits: readonly HiveEdit[] = [set('Edited', 'v', 'new'), set('Made\\Here', 'v', 'made'), { kind: 'remove-key', key: 'Gone' }];

withTool('what is as it should be passes', async () => {
  assert.is(reason(await written(edits)), 'none');
});

withTool('a value that was not set, a key that was not made or not removed', async () => {
  const write = await written(edits);
  assert.match(reason({ ...write, after: write.before }), /key Edited .*values are not those/);
  assert.match(reason({ ...write, after: replaced(write.after, 'new', 'bad', 'utf16le') }), /key Edited .*values are not those/);
  assert.match(reason({ ...write, after: replaced(write.after, 'Here', 'Herb', 'latin1') }), /key Made\\Here .*absent/);
  const only = await written([{ kind: 'remove-key', key: 'Gone' }]);
  assert.match(reason({ ...only, after: only.before }), /sub-keys are not as expected/);
});

withTool('a change in a key that nobody edited, and in a security descriptor', async () => {
  const write = await written(edits);
  assert.match(reason({ ...write, after: replaced(write.after, 'bystander', 'bystandex', 'utf16le') }), /changed without an edit/);
  assert.match(reason({ ...write, after: replaced(write.after, 'Bystander', 'bystander', 'latin1') }), /changed without an edit/);
  const descriptor = Uint8Array.from(write.after);
  descriptor[0x1000 + 0x78 + 4 + 20 + 60] = 0xff;
  assert.match(reason({ ...write, after: descriptor }), /security descriptor changed/);
});

test.run();
