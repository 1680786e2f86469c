// What a content holds reaches the rules that want it, at each of its places; what failed makes them unable.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Image, ImageFile, ImageInfo } from '../../image/image.ts';
import { deliverFailure, deliverResult, deliverVisits, isScanning } from '../../lint/content-deliver.ts';
import type { Content } from '../../lint/content-plan.ts';
import { NOTHING, type Visitor } from '../../lint/rule.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { ViewStore } from '../../lint/view.ts';
import { ruleOf } from '../helpers/lint-probe.ts';

const said: string[] = [];
const setting = { policy: { kmsHosts: [] }, options: {}, info: {} as ImageInfo, places: new Map(), store: new ViewStore({} as Image) };
const scanning = new RuleRun(
  ruleOf({ signatures: ['marks'], text: 'product-keys' }, () => ({
    match: ({ file, stream, rule }) => void said.push(`match ${file.path} ${stream} ${rule}`),
    text: ({ file, text }) => void said.push(`text ${file.path} ${text}`),
  })),
  setting,
);
const visiting = new RuleRun(
  ruleOf({ files: ['/a'], content: 'whole' }, () => ({ file: ({ path }, bytes) => void said.push(`file ${path} ${bytes!.length}`) })),
  setting,
);
const file = (path: string) => ({ path }) as ImageFile;
const content: Content = {
  request: { file: file('/a') },
  size: 9,
  places: [{ file: file('/a') }, { file: file('/b'), stream: 's' }],
  visits: [{ run: visiting, file: file('/a'), content: 'whole' }],
};
const runs = [scanning, visiting];
const key = { text: 'K', offset: 1, encoding: 'ascii', before: '' } as const;
const hit = (signature: string) => ({ signature, rule: `of_${signature}`, meta: {}, strings: [] });

test('hits and keys at every place, only of signatures that a rule asked for', async () => {
  said.length = 0;
  await deliverResult(content, { hits: [hit('marks'), hit('others')], keys: [key], flooded: false, kind: undefined }, { runs });
  assert.equal(said, ['match /a undefined of_marks', 'text /a K', 'match /b s of_marks', 'text /b K']);
});

test('bytes for visits', async () => {
  said.length = 0;
  assert.is(await deliverVisits(content.visits, () => new Uint8Array(9)), false);
  assert.equal(said, ['file /a 9']);
});

test('nothing was found when every rule says so and says nothing else', async () => {
  const runOf = (file: Visitor['file']) =>
    new RuleRun(
      ruleOf({ files: ['/a'], content: 'whole' }, () => ({ file: file! })),
      setting,
    );
  const quiet = () => runOf(() => NOTHING);
  const rules: Readonly<Record<string, RuleRun>> = {
    quiet: quiet(),
    later: runOf(async () => NOTHING),
    silent: runOf(() => {}),
    throws: runOf(() => {
      throw new Error('x');
    }),
    unable: new RuleRun(
      ruleOf({ files: ['/a'], content: 'whole' }, (_, ctx) => ({
        file: () => {
          ctx.unable('the same reason each time');
          return NOTHING;
        },
      })),
      setting,
    ),
    reports: new RuleRun(
      ruleOf({ files: ['/a'], content: 'whole' }, (report) => ({
        file: ({ path }) => {
          report({ file: path });
          return NOTHING;
        },
      })),
      setting,
    ),
  };
  const nothing = (...names: string[]) =>
    deliverVisits(
      names.map((name) => ({ run: rules[name]!, file: file('/a'), content: 'whole' as const })),
      () => new Uint8Array(),
    );
  assert.equal([await nothing('quiet'), await nothing('quiet', 'later')], [true, true]);
  for (const name of ['silent', 'unable', 'unable', 'reports', 'reports', 'throws', 'throws'])
    assert.is(await nothing('quiet', name, 'quiet'), false, name);
});

test('a failure and a flood are told to those who wanted to look', async () => {
  assert.equal([isScanning(scanning), isScanning(visiting)], [true, false]);
  deliverFailure(content, 'is damaged', { runs });
  await deliverResult(content, { hits: [], keys: [], flooded: true, kind: undefined }, { runs });
  const reason = (run: RuleRun) => (run.outcome() as { reason?: string }).reason;
  assert.match(reason(scanning)!, '/a: is damaged; /a: holds more key-like texts than are looked at; /b:s: holds more');
  assert.is(reason(visiting), '/a: is damaged');
});

test.run();
