// One walk for all rules: what each visitor gets, and that whatever could not be looked at is never a pass.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { FormatError, utf16Bytes } from '../../formats/bytes.ts';
import type { Image } from '../../image/image.ts';
import { lintImage } from '../../lint/lint-image.ts';
import type { Select, Visitor } from '../../lint/rule.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { lint, outcome, ruleOf } from '../helpers/lint-probe.ts';

/** The fixed text as a signature of its own. */
const signatures = () =>
  loadSignatures(['marker'], async () => 'rule marker { meta: level = "strong" strings: $a = "MARKER" ascii wide condition: $a }');

test('file gets what its globs select, folders and any case included, without content', async () => {
  const seen: unknown[] = [];
  const rule = ruleOf({ files: ['/windows/**/*.EXE', '/Users'] }, () => ({
    file: (file, content) => void seen.push([file.path, content]),
  }));
  const result = await lint(
    { files: { '/Windows/a.exe': 'x', '/Windows/b/.c/d\u2028.exe': 'x', '/Windows/e.dll': 'x', '/Users/f.exe': 'x' } },
    rule,
  );
  assert.equal(seen.sort(), [
    ['/Users', undefined],
    ['/Windows/a.exe', undefined],
    ['/Windows/b/.c/d\u2028.exe', undefined],
  ]);
  assert.is(outcome(result), 'passed');
  assert.is(result.verdict, 'accepted');
  assert.is(result.stats.files, 4);
  assert.is(result.stats.blobs, 4, 'any of them may be an archive');
});

test('content comes whole or as its first bytes, and empty files have an empty content', async () => {
  const text = 'y'.repeat(10_000);
  for (const [content, length] of [
    ['head', 4096],
    ['whole', 10_000],
  ] as const) {
    const seen: unknown[] = [];
    const rule = ruleOf({ files: ['/**'], content }, () => ({ file: (file, bytes) => void seen.push([file.path, bytes?.length]) }));
    await lint({ files: { '/a/long': text, '/a/none': '' } }, rule);
    assert.equal(seen.sort(), [
      ['/a', undefined],
      ['/a/long', length],
      ['/a/none', 0],
    ]);
  }
});

test('a file too large for its whole content makes the rule unable unless the rule takes it without', async () => {
  const image = fakeImage({ files: { '/big.xml': 'x' } });
  const big = { ...(await image.find('/big.xml'))!, size: 33 * 1024 * 1024 };
  const grown: Image = {
    ...image,
    async *walk() {
      yield big;
    },
  };
  const select = { files: ['/*.xml'], content: 'whole' } as const;
  const seen: unknown[] = [];
  const visitor = () => ({ file: (_: unknown, content: unknown) => void seen.push(content) });
  assert.match(outcome(await lint(grown, ruleOf(select, visitor))), /^unable: \/big\.xml: is too large/);
  assert.equal(seen, []);
  assert.is(outcome(await lint(grown, ruleOf({ ...select, large: 'visit' }, visitor))), 'passed');
  assert.equal(seen, [undefined]);
});

test('a rule that throws is unable, whichever method throws; the others go on', async () => {
  const spec: FakeSpec = { SOFTWARE: { a: {} }, files: { '/f': 'MARKER BCDFG-BCDFG-BCDFG-BCDFG-BCDFG' } };
  const boom = () => {
    throw new TypeError('holds hunter2');
  };
  const select: Select = { files: ['/f'], keys: ['SOFTWARE\\a'], signatures: ['marker'], text: 'product-keys' };
  const visitors: readonly (() => Visitor)[] = [
    boom,
    () => ({ file: boom }),
    () => ({ file: async () => boom() }),
    () => ({ key: boom }),
    () => ({
      key: async () => Promise.resolve().then(() => new Promise((_, fail) => setTimeout(() => fail(new TypeError('holds hunter2')), 20))),
    }),
    () => ({ match: boom }),
    () => ({ text: boom }),
    () => ({ end: boom }),
    () => ({ end: async () => boom() }),
  ];
  for (const visitor of visitors) {
    const other = ruleOf(select, (report) => ({ match: ({ file }) => report({ file: file.path }) }), { id: 'test/other' });
    const result = await lintImage(fakeImage(spec), { rules: [ruleOf(select, visitor), other], signatures: await signatures() });
    assert.is(outcome(result), 'unable: crashed: TypeError thrown by the rule');
    assert.not.match(JSON.stringify(result), 'hunter2');
    assert.is((result.outcomes[0] as { cause?: Error }).cause?.message, 'holds hunter2');
    assert.is(outcome(result, 'test/other'), 'failed');
    assert.is(result.verdict, 'rejected');
  }
  const known = ruleOf({}, () => ({
    end() {
      throw new ImageError('X', '/f: is broken');
    },
  }));
  const result = await lint(spec, known);
  assert.is(outcome(result), 'unable: /f: is broken');
  assert.is(result.verdict, 'undecided');
});

test('a content that a rule cannot parse is told by its path, and the rule goes on', async () => {
  for (const wait of [false, true]) {
    const rule = ruleOf({ files: ['/*.x'], content: 'whole' }, (report) => ({
      file(file, content) {
        const look = () => {
          if (content?.[0] === 0x21) throw new FormatError('thing', 'is broken', 0);
          report({ file: file.path });
        };
        return wait ? Promise.resolve().then(look) : look();
      },
    }));
    const result = await lint({ files: { '/a.x': '!', '/b.x': 'y' } }, rule);
    assert.is(outcome(result), 'unable: /a.x: thing: is broken (at offset 0x0)');
    assert.equal(
      result.findings.map(({ at }) => at),
      [{ file: '/b.x' }],
    );
  }
});

test('content that cannot be read makes the rules unable that wanted it, and no others', async () => {
  const spec: FakeSpec = { files: { '/a.txt': { content: 'MARKER', unreadable: 'the digest is wrong' }, '/b.txt': 'x' } };
  const of = (id: string, select: Select) => ruleOf(select, () => ({ file() {}, match() {}, text() {} }), { id });
  const rules = [
    of('test/names', { files: ['/**'] }),
    of('test/head', { files: ['/a.*'], content: 'head' }),
    of('test/other', { files: ['/b.*'], content: 'whole' }),
    of('test/match', { signatures: ['marker'] }),
    of('test/text', { text: 'product-keys' }),
  ];
  const result = await lintImage(fakeImage(spec), { rules, signatures: await signatures() });
  const unable = 'unable: /a.txt: /a.txt: the digest is wrong';
  assert.is(outcome(result, 'test/names'), 'passed');
  assert.is(outcome(result, 'test/head'), unable);
  assert.is(outcome(result, 'test/other'), 'passed');
  assert.is(outcome(result, 'test/match'), unable);
  assert.is(outcome(result, 'test/text'), unable);
  assert.equal([result.stats.blobs, result.stats.bytesScanned, result.stats.bytesSkipped], [2, 1, 6]);
});

test('a signature file that is missing or does not compile makes only its rules unable', async () => {
  const sources: Readonly<Record<string, string>> = {
    good: 'rule a { strings: $a = "MARKER" condition: $a }',
    wrong: 'rule b { condition: nothing }',
  };
  const loaded = await loadSignatures(['good', 'wrong'], async (name) => sources[name]!);
  const rules = ['good', 'wrong'].map((name) =>
    ruleOf({ signatures: [name] }, (report) => ({ match: ({ file }) => report({ file: file.path }) }), { id: `test/${name}` }),
  );
  const result = await lintImage(fakeImage({ files: { '/a': 'MARKER' } }), { rules, signatures: loaded });
  assert.is(outcome(result, 'test/good'), 'failed');
  assert.match(outcome(result, 'test/wrong'), /^unable: wrong\.yar: does not compile \(.*E009/);
  assert.match(
    outcome(
      await lint(
        {},
        ruleOf({ signatures: ['no-such-file'] }, () => ({ match() {} })),
      ),
    ),
    /^unable: no-such-file\.yar: cannot be read/,
  );
});

test('hits come with every path of a content, named streams and hard links included', async () => {
  const digest = 'a'.repeat(40);
  const image = fakeImage({
    files: {
      '/one.exe': { content: '..MARKER', links: ['/link.exe'] },
      '/link.exe': { content: '..MARKER', links: ['/one.exe'] },
      '/text.txt': { content: 'x', streams: { hidden: utf16Bytes('__MARKER') } },
      '/folder': { folder: true, streams: { 'of folder': 'MARKER' } },
      '/same1': 'MARKER',
      '/same2': 'MARKER',
    },
  });
  let requested = 0;
  const counting: Image = {
    ...image,
    async *walk() {
      for await (const file of image.walk()) yield file.path.startsWith('/same') ? { ...file, digest } : file;
    },
    stream(requests) {
      requested += requests.length;
      return image.stream(requests);
    },
  };
  const rule = ruleOf({ signatures: ['marker'] }, (report) => ({
    match({ file, stream, rule: name, signature, meta, strings }) {
      assert.equal([name, signature, meta], ['marker', 'marker', { level: 'strong' }]);
      report({ file: file.path, ...(stream === undefined ? {} : { stream }), offset: strings[0]!.offset });
    },
  }));
  const result = await lintImage(counting, { rules: [rule], signatures: await signatures() });
  assert.equal(
    result.findings.map(({ at }) => at),
    [
      { file: '/folder', stream: 'of folder', offset: 0 },
      { file: '/link.exe', offset: 2 },
      { file: '/one.exe', offset: 2 },
      { file: '/same1', offset: 0 },
      { file: '/same2', offset: 0 },
      { file: '/text.txt', stream: 'hidden', offset: 4 },
    ],
  );
  assert.is(requested, 5);
});

test('unreferenced blobs are scanned and found at a location of their own', async () => {
  const blob = (digest: string, content: string | Error) => ({
    digest,
    size: 6,
    async read() {
      if (content instanceof Error) throw content;
      return new TextEncoder().encode(content);
    },
  });
  const rule = ruleOf({ signatures: ['marker'] }, (report) => ({
    match: ({ file, strings }) => report({ file: file.path, offset: strings[0]!.offset }),
  }));
  const run = async (...blobs: ReturnType<typeof blob>[]) =>
    lintImage(fakeImage(), {
      rules: [rule],
      signatures: await signatures(),
      slack: async () => blobs,
    });
  const result = await run(blob('aa', 'MARKER'), blob('bb', 'nothing'.slice(0, 6)));
  assert.equal(
    result.findings.map(({ at }) => at),
    [{ slack: 'unreferenced-blob', of: 'aa', offset: 0 }],
  );
  assert.is(outcome(await run(blob('cc', new ImageError('X', 'is damaged')))), 'unable: unreferenced-blob:cc: is damaged');
});

test('a rule may not apply, be unable by its own word, and its outcome is the gravest', async () => {
  const skip = ruleOf({}, () => ({}), { notApplicable: ({ build }) => (build > 7600 ? 'only for Windows 7' : undefined) });
  assert.is(outcome(await lint({}, skip)), 'notApplicable: only for Windows 7');
  const both = ruleOf({}, (report, ctx) => ({
    end() {
      report({ file: '/a' });
      for (const n of [1, 2, 3, 4, 5]) ctx.unable(`reason ${n}`);
    },
  }));
  const result = await lint({}, both);
  assert.is(outcome(result), 'unable: reason 1; reason 2; reason 3; and 2 more');
  assert.is(result.findings.length, 1);
  assert.is(result.verdict, 'rejected');
  const severe = (severity: 'warning' | 'note') => ruleOf({}, (report) => ({ end: () => report({ file: '/a' }) }), { severity });
  assert.is(outcome(await lint({}, severe('warning'))), 'failed');
  assert.is(outcome(await lint({}, severe('note'))), 'passed');
  assert.is((await lint({}, severe('warning'))).verdict, 'accepted');
});

test('an abort stops the run with its reason, and is nobody’s fault', async () => {
  const stop = new AbortController();
  const rule = ruleOf({ files: ['/**'] }, () => ({
    file() {
      stop.abort(new Error('stopped'));
      throw new Error('because of the abort');
    },
  }));
  try {
    await lintImage(fakeImage({ files: { '/a': 'x', '/b': 'x' } }), { rules: [rule], signal: stop.signal });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'stopped');
  }
});

test.run();
