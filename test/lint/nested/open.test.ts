// One archive by its kind: to our reader, to 7-Zip, or nowhere when it lies too deep.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../../formats/content-kind.ts';
import { NestedContext } from '../../../lint/nested/context.ts';
import { DEPTH_MAX } from '../../../lint/nested/limits.ts';
import { MemberFile } from '../../../lint/nested/member-file.ts';
import { openSource } from '../../../lint/nested/open.ts';
import { NestedPlaces } from '../../../lint/nested/places.ts';
import { RuleRun } from '../../../lint/rule-run.ts';
import { ViewStore } from '../../../lint/view.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { ruleOf } from '../../helpers/lint-probe.ts';

function contextOf() {
  const told: string[] = [];
  const image = fakeImage({ files: {} });
  const rule = ruleOf({}, () => ({ opaque: ({ why, path }) => void told.push(`${why} ${path}`) }));
  const run = new RuleRun(rule, {
    policy: { kmsHosts: [] },
    options: {},
    info: image.info,
    places: new Map(),
    store: new ViewStore(image),
  });
  const context = new NestedContext({
    reading: { runs: [run], makeScanner: undefined },
    places: new NestedPlaces(),
    visitors: [],
    isTaken: async () => false,
    open: openSource,
  });
  return { context, told };
}

const places = [{ file: new MemberFile('/a.zip', 1, false, async function* () {}) }];

test('beyond the depth nothing is opened, and that is told once for a file', async () => {
  const { context, told } = contextOf();
  for (let count = 0; count < 3; count++)
    await openSource(context, { path: '/nowhere', size: 1, kind: kindOf('zip')!, depth: DEPTH_MAX + 1, places });
  assert.equal(told, ['too-deep /a.zip']);
});

test('beyond the number of archives nothing is opened', async () => {
  const { context, told } = contextOf();
  context.budget.takeArchive = () => false;
  await openSource(context, { path: '/nowhere', size: 1, kind: kindOf('zip')!, depth: 1, places });
  assert.equal(told, ['too-many /a.zip']);
});

test('a small gzip file takes none of them, until there are too many', async () => {
  await withScratch(async (folder) => {
    const path = join(folder, 'content');
    const bytes = gzipSync('text');
    writeFileSync(path, bytes);
    const { context, told } = contextOf();
    context.budget.takeArchive = () => false;
    const source = { path, size: bytes.length, kind: kindOf('gzip')!, depth: 1, places };
    await openSource(context, source);
    assert.equal(told, []);
    assert.equal(context.stats, { opened: 1, members: 1, bytes: 4 });
    context.budget.takeSmall = () => false;
    await openSource(context, source);
    assert.equal(told, ['too-many /a.zip']);
  });
});

test.run();
