// The work of a reader over a source in memory: what is skipped, what is proved, what is remembered, and how it goes on after a bad content.
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobFailure, type BlobSource, type SourceBlob, SourceEnded } from '../../image/containers/blob-source.ts';
import { StoredBytes } from '../../image/containers/stored-bytes.ts';
import { decodeEntries, encodeEntry } from '../../lint/cache-entries.ts';
import { Reader, type ReaderParts } from '../../lint/reader.ts';
import type { Answer, ListedWanted } from '../../lint/reader-job.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { madeKey } from '../helpers/product-keys.ts';

const test = suite('reader');
const signatures = await loadSignatures(['s'], async () => 'rule a { strings: $a = "Marker-Text" condition: $a }');
const STORE = { path: 'x.wim', index: 1, compression: 'none', chunkSize: 0 } as const;
let folder = '';
const open: number[] = [];
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => {
  for (const fd of open) closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

/** The contents one behind the other in a file, as wishes and as bytes. */
function stored(name: string, contents: readonly string[]): { readonly bytes: StoredBytes; readonly wanted: ListedWanted[] } {
  const data = contents.map((text) => Buffer.from(text, 'latin1'));
  writeFileSync(join(folder, name), Buffer.concat(data));
  const fd = openSync(join(folder, name), 'r');
  open.push(fd);
  let offset = 0;
  const wanted = data.map((bytes, id): ListedWanted => {
    const size = bytes.length;
    const digest = createHash('sha1').update(bytes).digest('hex');
    offset += size;
    return {
      id,
      offset: offset - size,
      size,
      uncompressedSize: size,
      flags: 0,
      digest,
      scan: true,
      visit: undefined,
      visitKey: '',
      listed: '',
    };
  });
  return { bytes: new StoredBytes(fd), wanted };
}

class MemorySource implements BlobSource {
  readonly begun: number[] = [];
  private readonly bytes: StoredBytes;
  private readonly bad: ReadonlyMap<number, Error>;
  failure: string | undefined;

  constructor(bytes: StoredBytes, bad: ReadonlyMap<number, Error> = new Map()) {
    this.bytes = bytes;
    this.bad = bad;
  }

  async begin(blobs: readonly SourceBlob[]): Promise<void> {
    this.begun.push(blobs.length);
  }

  read({ resource }: SourceBlob, output: Uint8Array): void {
    const error = this.bad.get(resource.offset);
    if (error) throw error;
    output.set(this.bytes.at(resource.offset, resource.size));
  }

  *pieces(blob: SourceBlob): Iterable<Uint8Array> {
    const output = Buffer.alloc(blob.resource.size);
    this.read(blob, output);
    for (let at = 0; at < output.length; at += 400_000) yield output.subarray(at, at + 400_000);
  }

  async end(): Promise<string | undefined> {
    return this.failure;
  }
}

async function work(job: readonly ListedWanted[], parts: Pick<ReaderParts, 'source' | 'stored'> & Partial<ReaderParts>) {
  const answers: (Answer & { body?: string })[] = [];
  let learnt = new Uint8Array();
  const reader = new Reader({
    setup: { store: STORE, cache: false },
    wishes: { signatures, keys: true },
    lists: false,
    known: new Map(),
    answer: (answer, body) => {
      if (answer.type === 'progress') return;
      if (answer.type === 'done') learnt = Uint8Array.from(body!);
      answers.push(answer.type === 'content' ? { ...answer, body: Buffer.from(body!).toString('latin1') } : answer);
    },
    ...parts,
  });
  await reader.work(job);
  return { answers, done: answers.at(-1) as Answer & { type: 'done' }, learnt };
}

const failures = (answers: readonly Answer[]) => answers.flatMap((one) => (one.type === 'failed' ? [`${one.id} ${one.reason}`] : []));
const found = (answers: readonly Answer[]) =>
  answers.flatMap((one) =>
    one.type === 'found' ? [`${one.id} ${one.hits.map(({ rule }) => rule)}${one.keys.length > 0 ? ' key' : ''}`] : [],
  );
const ZIP_2 = { zip: [2] };

const CONTENTS = ['nothing here', `Marker-Text and ${madeKey(1)}`, 'PK\x03\x04', `${'x'.repeat(2_000_000)}Marker-Text`];

test('everything is read once and answered for', async () => {
  const { bytes, wanted } = stored('all', CONTENTS);
  const job = wanted.map((one): ListedWanted => ({ ...one, visit: ([undefined, 'whole', 'head', 'head'] as const)[one.id] }));
  const { answers, done, learnt } = await work(job, { source: new MemorySource(bytes), stored: bytes });
  assert.equal(found(answers).sort(), ['1 a key', '3 a']);
  assert.equal(failures(answers), []);
  const bodies = answers.flatMap((one) => (one.type === 'content' ? [[one.id, one.body!.length]] : [])).sort();
  assert.equal(bodies, [
    [1, CONTENTS[1]!.length],
    [2, 4],
    [3, 4096],
  ]);
  assert.equal([done.contents, done.cached, done.kinds, learnt.length], [4, [], ZIP_2, 0]);
});

test('a wrong digest is a failure, for large ones too, and what was found stands', async () => {
  const { bytes, wanted } = stored('wrong', CONTENTS);
  const job = wanted.map((one): ListedWanted => ({ ...one, digest: '00'.repeat(20), visit: 'head' }));
  const { answers, learnt } = await work(job, { source: new MemorySource(bytes), stored: bytes, setup: { store: STORE, cache: true } });
  assert.is(failures(answers).filter((text) => text.includes('is not what the file claims')).length, 4);
  assert.equal(found(answers).sort(), ['1 a key', '3 a']);
  assert.equal([answers.some(({ type }) => type === 'content'), learnt.length], [false, 0]);
});

test('the cache learns what holds nothing, and only that; it is asked by stored bytes and by claim', async () => {
  const { bytes, wanted } = stored('cache', CONTENTS);
  const cache = { setup: { store: STORE, cache: true }, stored: bytes };
  const first = await work(wanted, { ...cache, source: new MemorySource(bytes) });
  const known = decodeEntries(first.learnt)!;
  assert.equal(
    [...known.values()].map(({ kind }) => kind?.id),
    [undefined, 'zip'],
  );
  const second = await work(wanted, { ...cache, source: new MemorySource(bytes), known });
  assert.equal([second.done.cached, second.done.kinds, found(second.answers).sort()], [[0, 2], ZIP_2, ['1 a key', '3 a']]);
  // The same bytes under another claim, and a visit that needs the bytes all the same.
  const claims = [
    { ...wanted[0]!, digest: '11'.repeat(20) },
    { ...wanted[2]!, visit: 'whole' as const },
  ];
  const third = await work(claims, { ...cache, source: new MemorySource(bytes), known });
  assert.equal([third.done.cached, failures(third.answers).length], [[2], 1]);
  assert.ok(third.answers.some((one) => one.type === 'content' && one.body === CONTENTS[2]));
});

test('a clean content with visits is learnt by whoever visits; under its key it is known and not handed out', async () => {
  const { bytes, wanted } = stored('visited', CONTENTS);
  const cache = { setup: { store: STORE, cache: true }, stored: bytes };
  const job = wanted.map((one): ListedWanted => ({ ...one, visit: 'whole', visitKey: 'the key of 16 b.' }));
  const contents = (answers: readonly Answer[]) => answers.flatMap((one) => (one.type === 'content' ? [one] : []));
  const first = await work(job, { ...cache, source: new MemorySource(bytes) });
  const clean = contents(first.answers).filter((one) => one.clean);
  assert.equal(
    [first.learnt.length, clean.map(({ id, clean: is }) => `${id} ${is!.kind} ${is!.fresh}`).sort()],
    [0, ['0  true', '2 zip true']],
  );
  const entries = (visits: string) =>
    decodeEntries(
      Buffer.concat(clean.map((one) => encodeEntry(Buffer.from(one.clean!.digest, 'base64').toString('latin1'), one.clean!.kind, visits)!)),
    )!;
  const known = await work(job, { ...cache, source: new MemorySource(bytes), known: entries('the key of 16 b.') });
  assert.equal(
    [
      known.done.cached,
      contents(known.answers)
        .map(({ id }) => id)
        .sort(),
      known.done.kinds,
    ],
    [[0, 2], [1, 3], ZIP_2],
  );
  for (const visits of ['another, 16 byt.', '']) {
    const other = await work(job, { ...cache, source: new MemorySource(bytes), known: entries(visits) });
    const again = contents(other.answers).filter((one) => one.clean);
    assert.equal(
      [other.done.cached, again.map(({ id, clean: is }) => `${id} ${is!.fresh}`).sort()],
      [
        [0, 2],
        ['0 false', '2 false'],
      ],
    );
  }
  const without = await work(
    job.map((one) => ({ ...one, visitKey: '' })),
    { ...cache, source: new MemorySource(bytes), known: entries('') },
  );
  assert.is(contents(without.answers).length, 4, 'visits that are not to be remembered are made each time');
});

test('one bad content, in a source that goes on', async () => {
  const { bytes, wanted } = stored('bad', CONTENTS);
  const source = new MemorySource(bytes, new Map([[wanted[1]!.offset, new BlobFailure('is damaged')]]));
  const { answers, done } = await work(wanted, { source, stored: bytes });
  assert.equal([failures(answers), found(answers).sort(), done.contents], [['1 is damaged'], ['3 a'], 4]);
});

test('a source that ends is begun anew behind the content, and tried again where nothing of it came', async () => {
  const { bytes, wanted } = stored('ends', CONTENTS);
  for (const [begun, starts] of [
    [true, [4, 2]],
    [false, [4, 3, 2]],
  ] as const) {
    const source = new MemorySource(bytes, new Map([[wanted[1]!.offset, new SourceEnded('ended', begun)]]));
    const { answers } = await work(wanted, { source, stored: bytes, lists: true });
    assert.equal([failures(answers), found(answers).sort(), source.begun], [['1 ended'], ['3 a'], [...starts]]);
  }
});

test('a source that always ends is not begun for ever', async () => {
  const contents = Array.from({ length: 100 }, (_, at) => `content ${at}`);
  const { bytes, wanted } = stored('always', contents);
  const source = new MemorySource(bytes, new Map(wanted.map(({ offset }) => [offset, new SourceEnded('ended', true)])));
  const { answers } = await work(wanted, { source, stored: bytes, lists: true });
  assert.is(failures(answers).length, 100);
  assert.ok(source.begun.length < 20);
});

test('a source that ends badly after the last content takes that one with it', async () => {
  const { bytes, wanted } = stored('badly', CONTENTS);
  const source = new MemorySource(bytes);
  source.failure = 'exit code 1';
  const { answers } = await work(wanted, { source, stored: bytes, lists: true });
  assert.equal(failures(answers), ['3 exit code 1']);
});

test.run();
