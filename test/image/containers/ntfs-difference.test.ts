// The proof: the same volume is proved, any other change is named.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readNtfs } from '../../../formats/ntfs/volume.ts';
import { proveDifference } from '../../../image/containers/ntfs-difference.ts';
import type { NtfsAction } from '../../../image/containers/ntfs-plan.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { DISK_TOOLS, fileSource, makeVolume } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('ntfs-difference');
const withTools = needTools(test, DISK_TOOLS);

withTools('expected changes pass; unexpected ones, and ones that did not happen, do not', () =>
  withScratch(async (folder) => {
    const path = makeVolume(folder, windowsTree());
    const open = async () => {
      const source = fileSource(path);
      const volume = await readNtfs(source);
      return { source, volume };
    };
    const before = await open();
    const expect = (entries: readonly (readonly [string, 'written' | 'made' | 'removed'])[]) => ({
      expected: new Map(entries),
      actions: [] as NtfsAction[],
    });
    await proveDifference(path, before.volume, before.volume, expect([]));
    writeFileSync(join(folder, 'content'), 'other hosts');
    run('ntfscp', ['-q', path, join(folder, 'content'), 'Windows/System32/drivers/etc/hosts']);
    const after = await open();
    const hosts = '/windows/system32/drivers/etc/hosts';
    await proveDifference(path, before.volume, after.volume, expect([[hosts, 'written']]));
    const overwrite = (text: string): NtfsAction => ({
      kind: 'overwrite',
      path: '/Windows/System32/drivers/etc/hosts',
      content: new TextEncoder().encode(text),
      overlaid: false,
    });
    const written = expect([[hosts, 'written']]);
    await proveDifference(path, before.volume, after.volume, { ...written, actions: [overwrite('other hosts')] });
    const content = await refusalOf(() => proveDifference(path, before.volume, after.volume, { ...written, actions: [overwrite('mine')] }));
    assert.match(content.message, /hosts has another content/);
    const create: NtfsAction = { ...overwrite('other hosts'), kind: 'create', descriptor: new Uint8Array(20) } as never;
    const descriptor = await refusalOf(() => proveDifference(path, before.volume, after.volume, { ...written, actions: [create] }));
    assert.match(descriptor.message, /hosts has another descriptor/);
    for (const [entries, said] of [
      [[], /hosts is different/],
      [
        [
          [hosts, 'written'],
          ['/windows/new', 'made'],
        ],
        /\/windows\/new is not there/,
      ],
      [[[hosts, 'removed']], /hosts is still there/],
    ] as const) {
      const error = await refusalOf(() => proveDifference(path, before.volume, after.volume, expect(entries)));
      assert.is(error.code, 'DISK_WRITE_MISMATCH');
      assert.match(error.message, said);
    }
    before.source.close();
    after.source.close();
  }),
);

test.run();
