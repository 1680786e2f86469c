// The proof: the same volume is proved, any other change is named.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NtfsStream } from '../../../formats/ntfs/stream.ts';
import { type NtfsFile, type NtfsVolume, readNtfs } from '../../../formats/ntfs/volume.ts';
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
    const proveFolder = (path: string) =>
      refusalOf(() =>
        proveDifference('x', before.volume, after.volume, {
          ...written,
          actions: [{ kind: 'make-folder', path, descriptor: new Uint8Array(20) }],
        }),
      );
    assert.match((await proveFolder('/Windows/System32')).message, /System32 has another descriptor/);
    assert.match((await proveFolder('/Windows/System32/drivers/etc/hosts')).message, /hosts is no folder/);
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

withTools('whatever else of an untouched file is other: attributes, descriptor, streams, reparse point, place, names', () =>
  withScratch(async (folder) => {
    const path = makeVolume(folder, windowsTree());
    const source = fileSource(path);
    const before = await readNtfs(source);
    const none = { expected: new Map(), actions: [] };
    const prove = (after: NtfsVolume) => proveDifference(path, before, after, none);
    await prove(await readNtfs(source));
    const fileIn = ({ children }: NtfsVolume, name: string) => [...children.values()].flat().find((child) => child.name === name)!;
    const stream = (file: NtfsFile, changed: Partial<NtfsStream>) => ({
      streams: [{ ...file.streams[0]!, ...changed }, ...file.streams.slice(1)],
    });
    const piece = (file: NtfsFile, changed: object) => stream(file, { pieces: [{ ...file.streams[0]!.pieces[0]!, ...changed }] });
    const CASES: readonly [name: string, change: (file: NtfsFile) => Partial<NtfsFile>][] = [
      ['hosts', ({ attributes }) => ({ attributes: attributes ^ 1 })],
      ['hosts', ({ number }) => ({ number: number + 1 })],
      ['hosts', ({ sequence }) => ({ sequence: sequence + 1 })],
      ['hosts', ({ streams }) => ({ streams: streams.slice(0, 1) })],
      ['hosts', (file) => stream(file, { name: 'other' })],
      ['hosts', (file) => stream(file, { size: 1 })],
      ['hosts', (file) => stream(file, { flags: 1 })],
      ['hosts', (file) => piece(file, { value: new Uint8Array(3) })],
      ['hosts', (file) => piece(file, { value: undefined, runs: Uint8Array.of(0x11, 1, 1, 0) })],
      ['hosts', (file) => piece(file, { initialized: 0 })],
      ['hosts', ({ securityId }) => (securityId ? { securityId: securityId + 100 } : { ownDescriptor: undefined })],
      ['Documents and Settings', () => ({ reparse: undefined })],
      ['Documents and Settings', () => ({ folder: false })],
    ];
    for (const [name, change] of CASES) {
      const after = await readNtfs(source);
      const { file } = fileIn(after, name);
      Object.assign(file, change(file));
      const error = await refusalOf(() => prove(after));
      assert.is(error.code, 'DISK_WRITE_MISMATCH');
      assert.match(error.message, new RegExp(`${name} is different`), `${change}`);
    }
    const renamed = await readNtfs(source);
    const hosts = fileIn(renamed, 'hosts');
    const siblings = [...renamed.children.values()].find((list) => list.includes(hosts)) as {
      name: string;
      space: number;
      file: NtfsFile;
    }[];
    siblings.push({ name: 'HOSTS~1', space: 2, file: hosts.file });
    assert.match((await refusalOf(() => prove(renamed))).message, /hosts is different/);
    source.close();
  }),
);

test.run();
