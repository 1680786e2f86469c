// The key of a content's visits: everything that decides what they find makes another one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import type { Visit } from '../../lint/content-plan.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { ViewStore } from '../../lint/view.ts';
import { visitBasis, visitKey } from '../../lint/visit-key.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { ruleOf } from '../helpers/lint-probe.ts';

const image = fakeImage({ files: {} });
const { info } = image;
const runOf = (id: string) =>
  new RuleRun(
    ruleOf({ files: ['/**'] }, () => ({}), { id }),
    { policy: { kmsHosts: [] }, options: {}, info, places: new Map(), store: new ViewStore(image) },
  );
const [one, other] = [runOf('test/one'), runOf('test/other')];
const visit = (run: RuleRun, path: string, content: Visit['content'] = 'whole'): Visit => ({ run, file: { path } as ImageFile, content });
const anyRule = () => true;

test('rules, places, parts, policy, options and the image are in it', () => {
  const basis = visitBasis({ kmsHosts: [] }, new Map(), info);
  const keys = [
    visitKey(basis, [visit(one, '/a')], anyRule),
    visitKey(basis, [visit(other, '/a')], anyRule),
    visitKey(basis, [visit(one, '/A')], anyRule),
    visitKey(basis, [visit(one, '/a', 'head')], anyRule),
    visitKey(basis, [visit(one, '/a'), visit(one, '/b')], anyRule),
    visitKey(basis, [visit(one, '/a'), visit(other, '/a')], anyRule),
    ...[
      visitBasis({ kmsHosts: ['a'] }, new Map(), info),
      visitBasis({ kmsHosts: [] }, new Map([['test/one', { x: 1 }]]), info),
      visitBasis({ kmsHosts: [] }, new Map(), { ...info, build: info.build + 1 }),
    ].map((another) => visitKey(another, [visit(one, '/a')], anyRule)),
  ];
  assert.is(new Set(keys).size, keys.length);
  assert.equal([...new Set(keys.map(({ length }) => length))], [16]);
  assert.is(keys[0], visitKey(basis, [visit(one, '/a')], anyRule));
});

test('the order in which options were given is not', () => {
  const options: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['a', { x: 1 }],
    ['b', { y: 2 }],
  ];
  assert.is(visitBasis({ kmsHosts: [] }, new Map(options), info), visitBasis({ kmsHosts: [] }, new Map([...options].reverse()), info));
});

test('without visits, or with one of a rule that is not of the program, there is none', () => {
  assert.is(visitKey('', [], anyRule), '');
  assert.is(
    visitKey('', [visit(one, '/a'), visit(other, '/a')], (rule) => rule === one.rule),
    '',
  );
});

test.run();
