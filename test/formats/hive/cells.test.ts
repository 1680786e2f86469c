// Bins and cells: sizes that lie, references that lead nowhere, cells with two owners.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Cells } from '../../../formats/hive/cells.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { freeCells } from '../../../formats/hive/hive.ts';
import { errorOf, patched } from '../../helpers/patched-hive.ts';

test('cells that lie are refused', () => {
  const root = 0x1024;
  const cases: [string, (view: DataView) => void, RegExp][] = [
    ['a cell past its bin', (view) => view.setInt32(0x1020, -0x2000, true), /size of the cell is absurd/],
    ['a cell of no size', (view) => view.setInt32(0x1020, 0, true), /size of the cell is absurd/],
    ['a bin of no size', (view) => view.setUint32(0x1008, 0, true), /size of the bin is absurd/],
    ['a free root', (view) => view.setInt32(0x1020, 0x58, true), /is a free cell/],
    ['a name past the cell', (view) => view.setUint16(root + 72, 0x100, true), /key name does not fit/],
    ['sub-keys without a list', (view) => view.setUint32(root + 20, 1, true), /sub-key list lies outside/],
    ['too many sub-keys', (view) => view.setUint32(root + 20, 0xffffffff, true), /claims 4294967295 sub-keys/],
    ['values without a list', (view) => view.setUint32(root + 36, 1, true), /value list lies outside/],
    ['too many values', (view) => view.setUint32(root + 36, 0x7fffffff, true), /claims 2147483647 values/],
  ];
  for (const [what, change, message] of cases) assert.match(errorOf(patched(change)), message, what);
});

test('a cell has one owner, who may come again; free cells and places inside of cells have none', () => {
  const cells = new Cells(emptyHive(), 0x1000);
  const securityCell = 0x78;
  assert.is(cells.claim(securityCell, 0x20, 'list', 0x24), 0x1000 + securityCell + 4);
  assert.is(cells.claim(securityCell, 0x20, 'list', 0x24), 0x1000 + securityCell + 4);
  assert.throws(() => cells.claim(securityCell, 0x28, 'list', 0x24), /list is used twice \(at offset 0x1078\)/);
  assert.is(cells.content(securityCell, 'security', 0x24), 0x1000 + securityCell + 4);
  assert.throws(
    () => cells.claim(securityCell + 8, 0x20, 'list', 0x24),
    /list is not where a cell begins \(cell 0x80\) \(at offset 0x24\)/,
  );
  assert.throws(() => cells.claim(freeCells(emptyHive())[0]!.offset - 0x1000, 0x20, 'list', 0x24), /list is a free cell/);
  for (const cell of [0x1000, 0x21, 0xffffffff]) assert.throws(() => cells.claim(cell, 0x20, 'list', 0x24), /lies outside of the bins/);
});

test('free cells: place and size, and a bin that does not add up', () => {
  const [free, ...others] = freeCells(emptyHive());
  assert.equal([free!.offset + free!.size, others], [8192, []]);
  const broken = patched((view) => view.setInt32(free!.offset, free!.size - 8, true));
  assert.throws(() => freeCells(broken), /size of the cell is absurd/);
});

test.run();
