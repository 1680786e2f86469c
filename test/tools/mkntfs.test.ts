// mkntfs: a volume that libntfs takes and that knows where it stands on its disk.
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeNtfs, mkntfs } from '../../tools/mkntfs.ts';
import { withScratch } from '../../tools/scratch.ts';
import { toolVersion } from '../../tools/tool.ts';
import { run } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('mkntfs');
const withTools = needTools(test, { mkntfs: 'ntfs-3g' });

withTools('a volume of the size of the file', () =>
  withScratch(async (folder) => {
    const path = join(folder, 'volume');
    writeFileSync(path, '');
    truncateSync(path, 20 * 1024 * 1024);
    await makeNtfs(path, { label: 'Windows', firstSector: 2048 });
    run('ntfsfix', ['-n', path]);
    assert.is(run('ntfslabel', ['-n', path]).trim(), 'Windows');
    const boot = readFileSync(path);
    assert.equal([boot.readUInt16LE(24), boot.readUInt16LE(26), boot.readUInt32LE(28)], [63, 255, 2048]);
  }),
);

withTools('a version is known, and a file that is too small is a failure', () =>
  withScratch(async (folder) => {
    assert.match((await toolVersion(mkntfs))!, /^\d+\.\d+/);
    const path = join(folder, 'volume');
    writeFileSync(path, 'x');
    assert.is((await refusalOf(() => makeNtfs(path, { label: 'a', firstSector: 0 }))).code, 'TOOL_FAILED');
  }),
);

test.run();
