// What is done once stored bytes were weighed, and what has to be read all the same.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../formats/content-kind.ts';
import type { ImageFile } from '../../image/image.ts';
import type { StoredContent } from '../../image/stored-content.ts';
import type { CleanEntry } from '../../lint/cache-entries.ts';
import type { Content, Visit } from '../../lint/content-plan.ts';
import type { Rule } from '../../lint/rule.ts';
import type { RuleRun } from '../../lint/rule-run.ts';
import { visitKey } from '../../lint/visit-key.ts';
import { settleWeighed } from '../../lint/weighed-contents.ts';

const visitBy = (id: string, base?: 'skip'): Visit => ({
  run: { rule: { id, select: base ? { base } : {} } as Rule } as RuleRun,
  file: { path: '/a' } as ImageFile,
  content: 'head',
});

function contentAt(path: string, visits: readonly Visit[] = [], scanned = true): Content {
  const request = { file: { path } as ImageFile };
  return { request, size: 10, places: scanned ? [request] : [], visits };
}

const stored = { digest: 'x' } as StoredContent;

interface Known {
  readonly ofBase?: boolean;
  readonly hasBase?: boolean;
  readonly known?: CleanEntry;
  readonly cache?: boolean;
}

/** What becomes of one content: done as the base's, done as known, or left, with the rules that still look at it. */
function fateOf(content: Content, { ofBase = false, hasBase = true, known, cache = true }: Known): string {
  const kinds: string[] = [];
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
  };
  const memory = { known: new Uint8Array(), basis: 'basis', isShipped: (rule: Rule) => rule.id !== 'own', learn: () => {} };
  const { left, stats, refused } = settleWeighed(
    { stored: () => stored },
    [content],
    {
      weighed: { isOfBase: () => ofBase, isClaimed: () => true, known: () => known, fault: undefined },
      hasBase,
      memory: cache ? memory : undefined,
    },
    { onKind: (_, { id }) => void kinds.push(id), onBytes },
  );
  const [rest] = left;
  assert.equal([left.length, bytes, stats.blobs, refused], rest ? [1, 0, 0, undefined] : [0, 10, 1, undefined]);
  const whats = [...(stats.ofBase.blobs === 1 ? ['base'] : []), ...(stats.cached.blobs === 1 ? ['known'] : [])];
  const more = rest ? [rest.places.length > 0 ? 'scan' : 'no scan', ...rest.visits.map(({ run }) => run.rule.id)] : [];
  return [...whats, ...kinds, ...more].join(' ');
}

const PLAIN: CleanEntry = { kind: undefined, visits: '' };

test('a content of the base is not scanned, and only rules that look at those of the base get it', () => {
  assert.is(fateOf(contentAt('/a'), { ofBase: true }), 'base');
  assert.is(fateOf(contentAt('/a', [visitBy('x', 'skip')]), { ofBase: true }), 'base');
  assert.is(fateOf(contentAt('/a', [visitBy('x', 'skip'), visitBy('y')]), { ofBase: true }), 'base no scan y');
  assert.is(fateOf(contentAt('/a', [visitBy('x', 'skip'), visitBy('y')]), {}), 'scan x y');
});

test('without a base nothing is one’s', () => {
  assert.is(fateOf(contentAt('/a'), { ofBase: true, hasBase: false }), 'scan');
});

test('what is known is done, with its kind; what is not known is left', () => {
  assert.is(fateOf(contentAt('/a'), { known: PLAIN }), 'known');
  assert.is(fateOf(contentAt('/a'), { known: { ...PLAIN, kind: kindOf('zip') } }), 'known zip');
  assert.is(fateOf(contentAt('/a'), {}), 'scan');
  assert.is(fateOf(contentAt('/a'), { known: PLAIN, cache: false }), 'scan');
});

test('visits are done only when these very ones found nothing', () => {
  const visits = [visitBy('x')];
  const seen = visitKey('basis', visits, () => true);
  assert.is(fateOf(contentAt('/a', visits), { known: { ...PLAIN, visits: seen } }), 'known');
  assert.is(fateOf(contentAt('/a', visits), { known: PLAIN }), 'scan x');
  assert.is(fateOf(contentAt('/a', [visitBy('y')]), { known: { ...PLAIN, visits: seen } }), 'scan y');
  assert.is(fateOf(contentAt('/a', [visitBy('own')]), { known: PLAIN }), 'scan own', 'a rule that may change under its name');
});

test('what only a visit waits for is read', () => {
  assert.is(fateOf(contentAt('/a', [visitBy('x')], false), { ofBase: true, known: PLAIN }), 'no scan x');
});

test('a base that shares less than half of what is scanned, or could not be compared, is none', () => {
  const contents = ['/a', '/b', '/c', '/d'].map((path) => contentAt(path));
  const refusedWith = (claimed: readonly string[], fault?: string) => {
    const storedOf = new Map(contents.map(({ request }) => [request, { digest: request.file.path } as StoredContent]));
    const { left, refused } = settleWeighed(
      { stored: (request) => storedOf.get(request) },
      [...contents, contentAt('/only visited', [visitBy('x')], false)],
      {
        weighed: { isOfBase: () => true, isClaimed: ({ digest }) => claimed.includes(digest), known: () => undefined, fault },
        hasBase: true,
        memory: undefined,
      },
      {},
    );
    return [left.length, refused];
  };
  assert.equal(refusedWith(['/a', '/b']), [1, undefined]);
  assert.equal(refusedWith(['/a']), [5, 'is another image (it shares 1 of 4 contents)']);
  assert.equal(refusedWith(['/a', '/b'], 'its metadata is damaged'), [5, 'its metadata is damaged']);
});

test.run();
