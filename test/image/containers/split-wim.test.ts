// Parts of a split WIM: found by what they are, not by their names; a missing part and one of another set are named.
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHeader } from '../../../formats/wim/header.ts';
import { splitParts } from '../../../image/containers/split-wim.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { splitWim } from '../../../tools/wimlib.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';

const test = suite('split-wim');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });

async function makeParts(folder: string): Promise<string> {
  mkdirSync(folder);
  const wim = join(folder, 'whole.wim');
  const content = mixedContent(2_000_000);
  makeWim(wim, { images: [{ files: { '/a': { content }, '/b': { content: content.slice(7) }, '/c': { content: content.slice(99) } } }] });
  await splitWim(wim, join(folder, 'part.swm'), 2);
  rmSync(wim);
  return join(folder, 'part.swm');
}

const partsOf = async (path: string) => splitParts(path, parseHeader((await readFile(path)).subarray(0, 208)));

withTools('all parts in order, whichever is given, under any name', () =>
  withScratch(async (folder) => {
    const first = await makeParts(join(folder, 'x'));
    renameSync(join(folder, 'x/part3.swm'), join(folder, 'x/another.swm'));
    const names = (await partsOf(first)).map((path) => basename(path));
    assert.equal(names, ['part.swm', 'part2.swm', 'another.swm']);
    assert.equal(
      (await partsOf(join(folder, 'x/another.swm'))).map((path) => basename(path)),
      names,
    );
  }),
);

withTools('a missing part is named; a part of another set is named, too', () =>
  withScratch(async (folder) => {
    const first = await makeParts(join(folder, 'x'));
    rmSync(join(folder, 'x/part2.swm'));
    const absent = await refusalOf(() => partsOf(first));
    assert.is(absent.code, 'PARTS_ABSENT');
    assert.match(absent.message, /part 2 of 3 is not there/);
    const other = await makeParts(join(folder, 'y'));
    copyFileSync(join(folder, 'y/part2.swm'), join(folder, 'x/part2.swm'));
    const foreign = await refusalOf(() => partsOf(first));
    assert.is(foreign.code, 'PARTS_FOREIGN');
    assert.match(foreign.message, /part2\.swm belongs to another set/);
    assert.is((await partsOf(other)).length, 3);
  }),
);

test.run();
