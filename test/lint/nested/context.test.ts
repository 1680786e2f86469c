// What archives share: prefixes for each place of a content, and who is told of what stays closed.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../../formats/content-kind.ts';
import { NestedContext } from '../../../lint/nested/context.ts';
import { PLACES_MAX } from '../../../lint/nested/limits.ts';
import { MemberFile } from '../../../lint/nested/member-file.ts';
import { NestedPlaces } from '../../../lint/nested/places.ts';
import { RuleRun } from '../../../lint/rule-run.ts';
import { ViewStore } from '../../../lint/view.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { ruleOf } from '../../helpers/lint-probe.ts';

const image = fakeImage({ files: {} });
const told: string[] = [];
const setting = { policy: { kmsHosts: [] }, options: {}, info: image.info, places: new Map(), store: new ViewStore(image) };
const asking = new RuleRun(
  ruleOf({}, () => ({ opaque: ({ path, why, detail }) => void told.push(`${path} ${why} ${detail}`) })),
  setting,
);
const other = new RuleRun(
  ruleOf({}, () => ({ file() {} })),
  setting,
);
const context = new NestedContext({
  reading: { runs: [asking, other], makeScanner: undefined },
  places: new NestedPlaces(),
  visitors: [],
  isTaken: async () => false,
  open: async () => {},
});
const fileOf = (path: string) => new MemberFile(path, 1, false, async function* () {});

test('each place has its prefix, and no more than are told', async () => {
  const places = [{ file: fileOf('/a.zip') }, { file: fileOf('/b'), stream: 's' }];
  const source = { path: '/tmp/x', size: 1, kind: kindOf('zip')!, depth: 1, places };
  assert.equal(await context.enter(source), ['/a.zip!', '/b:s!']);
  const many = Array.from({ length: PLACES_MAX + 5 }, (_, index) => ({ file: fileOf(`/${index}`) }));
  assert.is((await context.enter({ ...source, places: many })).length, PLACES_MAX);
});

test('rules that ask are told, once where that is enough', () => {
  context.opaque([{ file: fileOf('/a.zip') }, { file: fileOf('/a.zip!/b.zip') }], 'encrypted', 'locked');
  context.opaque([{ file: fileOf('/c') }], 'too-deep', 'x', 'deep');
  context.opaque([{ file: fileOf('/c') }], 'too-deep', 'x', 'deep');
  assert.equal(told, ['/a.zip encrypted locked', '/a.zip encrypted locked', '/c too-deep x']);
});

test('what keeps everything closed makes those unable that ask', () => {
  context.unable('no tool');
  assert.equal([asking.outcome().outcome, other.outcome().outcome], ['unable', 'passed']);
});

test.run();
