// Calls of `file`: at once when no content is wanted, later when it has to be read, never for what is too large.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import { CONTENT_MAX, type Visit } from '../../lint/content-plan.ts';
import type { Select } from '../../lint/rule.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { ViewStore } from '../../lint/view.ts';
import { visitFile } from '../../lint/visit-file.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { ruleOf } from '../helpers/lint-probe.ts';

const image = fakeImage({ files: { '/a.txt': 'text', '/empty.txt': '' } });

async function visit(select: Select, file: ImageFile) {
  const seen: unknown[] = [];
  const waiting: Visit[] = [];
  const rule = ruleOf(select, () => ({ file: (one, content) => void seen.push([one.path, content?.length]) }));
  const setting = { policy: { kmsHosts: [] }, options: {}, info: image.info, places: new Map(), store: new ViewStore(image) };
  const run = new RuleRun(rule, setting);
  await visitFile(run, file, (one) => void waiting.push(one));
  return { seen, waiting: waiting.map(({ content }) => content), outcome: run.outcome() };
}

test('what wants no content, folders and empty files are called at once', async () => {
  const file = (await image.find('/a.txt'))!;
  assert.equal((await visit({}, file)).seen, [['/a.txt', undefined]]);
  assert.equal((await visit({ content: 'whole' }, { ...file, folder: true })).seen, [['/a.txt', undefined]]);
  assert.equal((await visit({ content: 'whole' }, (await image.find('/empty.txt'))!)).seen, [['/empty.txt', 0]]);
});

test('what wants content waits for it', async () => {
  const file = (await image.find('/a.txt'))!;
  assert.equal((await visit({ content: 'whole' }, file)).waiting, ['whole']);
  assert.equal((await visit({ content: 'head' }, { ...file, size: CONTENT_MAX + 1 })).waiting, ['head']);
});

test('what is too large or cannot be seen through makes the rule unable', async () => {
  const file = { ...(await image.find('/a.txt'))!, size: CONTENT_MAX + 1 };
  assert.is((await visit({ content: 'whole' }, file)).outcome.outcome, 'unable');
  assert.equal((await visit({ content: 'whole', large: 'visit' }, file)).seen, [['/a.txt', undefined]]);
  const behind = { ...file, reparse: { tag: 0x80000017, target: undefined } };
  assert.is((await visit({ content: 'head' }, behind)).outcome.outcome, 'unable');
});

test.run();
