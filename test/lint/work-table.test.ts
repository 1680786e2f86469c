// The table of what readers are to read: rows go out as they came in, in the order of the file, in stretches of equal cost.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import type { ContentStore, StoredContent, StoredRows } from '../../image/stored-content.ts';
import type { Content } from '../../lint/content-plan.ts';
import { decodeWanted } from '../../lint/reader-job.ts';
import { WorkTable } from '../../lint/work-table.ts';
import { seeded } from '../helpers/seeded.ts';

const store: ContentStore = {
  path: 'x.wim',
  fd: 3,
  size: 2 ** 41,
  index: 1,
  compression: 'none',
  chunkSize: 0,
  metadata: { resource: { offset: 0, size: 0, uncompressedSize: 0, flags: 0 }, digest: '' },
  contents: () => ({}) as StoredRows,
};
type Visits = { readonly visit: 'whole' | undefined; readonly visitKey: string };
const NO_VISITS = { visit: undefined, visitKey: '' } as const;

function contentAt(path: string, size = 100): Content {
  const request = { file: { path } as ImageFile };
  return { request, size, places: [request], visits: [] };
}

function storedAt(offset: number, size: number, listed?: string): StoredContent {
  const resource = { offset, size, uncompressedSize: size * 2, flags: 4 };
  return { store, row: 0, resource, digest: offset.toString(16).padStart(40, '0'), listed };
}

/** A table, and how to add to it. */
function table() {
  const known = new Map<Content, { readonly stored: StoredContent; readonly visits: Visits }>();
  const contents: Content[] = [];
  const made = new WorkTable(store, contents, {
    storedOf: (content) => known.get(content)!.stored,
    visitsOf: (content) => known.get(content)!.visits,
  });
  const add = (content: Content, stored: StoredContent, visits: Visits = NO_VISITS) => {
    known.set(content, { stored, visits });
    contents.push(content);
    made.add(contents.length - 1, stored);
  };
  return { made, add };
}

test('rows hold everything that a reader needs', () => {
  const { made, add } = table();
  add(contentAt('/a'), storedAt(500, 10));
  add({ ...contentAt('/b'), places: [] }, storedAt(2 ** 40, 7), {
    visit: 'whole',
    visitKey: 'k'.repeat(16),
  });
  const [a, b] = decodeWanted(made.encoded(Uint32Array.of(0, 1)), []);
  assert.equal(a, {
    id: 0,
    offset: 500,
    size: 10,
    uncompressedSize: 20,
    flags: 4,
    digest: '1f4'.padStart(40, '0'),
    scan: true,
    ...NO_VISITS,
    listed: '',
  });
  assert.equal([b!.id, b!.offset, b!.scan, b!.visit, b!.visitKey], [1, 2 ** 40, false, 'whole', 'k'.repeat(16)]);
});

test('a table may hold some of the contents', () => {
  const contents = [contentAt('/a'), contentAt('/b'), contentAt('/c')];
  const made = new WorkTable(store, contents, { storedOf: () => storedAt(1, 1), visitsOf: () => NO_VISITS });
  made.add(2, storedAt(1, 1));
  made.add(0, storedAt(2, 1));
  assert.equal([made.length, made.indexOf(0), made.contentOf(0), made.contentOf(1)], [2, 2, contents[2], contents[0]]);
});

test('stretches: each row once, in the order of the file, none much more costly than was asked', () => {
  const random = seeded(5);
  const { made, add } = table();
  for (let row = 0; row < 5000; row++) add(contentAt(`/${row}`), storedAt(Math.floor(random() * 1e9), Math.floor(random() * 1e5)));
  const parts = made.stretches(made.chosen(false), (total) => total / 10);
  const rows = decodeWanted(Buffer.concat(parts.map((part) => made.encoded(part))), []);
  assert.equal(
    rows.map(({ id }) => id).sort((a, b) => a - b),
    Array.from({ length: 5000 }, (_, row) => row),
  );
  assert.ok(rows.every(({ offset }, at) => at === 0 || offset >= rows[at - 1]!.offset));
  assert.ok(parts.length >= 9 && parts.length <= 10, `${parts.length} parts`);
});

test('one costly content is a stretch of its own; nothing makes none', () => {
  const { made, add } = table();
  for (const [offset, size] of [
    [0, 1e9],
    [2e9, 5],
    [3e9, 5],
  ] as const)
    add(contentAt('/x'), storedAt(offset, size));
  assert.equal(
    made.stretches(made.chosen(false), () => 1e6).map((part) => [...part]),
    [[0], [1, 2]],
  );
  assert.equal(
    table().made.stretches(new Uint32Array(), () => 1),
    [],
  );
});

test('only what wimlib-imagex can extract is listed', () => {
  const { made, add } = table();
  for (const path of ['/a', '/odd ', '/b']) add(contentAt(path), storedAt(1, 1, path === '/odd ' ? undefined : path));
  assert.equal(
    [[...made.chosen(true)], [...made.chosen(false)]],
    [
      [0, 2],
      [0, 1, 2],
    ],
  );
  assert.equal(made.listed(Uint32Array.of(2, 1)), ['/b', '']);
});

test('a row is released by what content it is', () => {
  const released: number[] = [];
  const contents = Object.assign(
    ['/a', '/b', '/c'].map((path) => contentAt(path)),
    { release: (index: number) => void released.push(index) },
  );
  const made = new WorkTable(store, contents, { storedOf: () => storedAt(0, 1), visitsOf: () => NO_VISITS });
  for (const index of [2, 0]) made.add(index, storedAt(index * 10, 5));
  made.release(0);
  assert.equal(released, [2]);
});

test.run();
