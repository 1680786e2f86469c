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

/** What becomes of one content: done as the base's, done as known, or left. */
function fateOf(
  content: Content,
  { same = false, claimed = false, known, cache = true }: { same?: boolean; claimed?: boolean; known?: CleanEntry; cache?: boolean },
): string {
  const kinds: string[] = [];
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
  };
  const memory = { known: new Uint8Array(), basis: 'basis', isShipped: (rule: Rule) => rule.id !== 'own', learn: () => {} };
  const { left, stats } = settleWeighed(
    { stored: () => stored },
    [content],
    {
      weighed: { isSame: () => same, known: () => known },
      claims: claimed ? new Map([[content, stored]]) : undefined,
      memory: cache ? memory : undefined,
    },
    { onKind: (_, { id }) => void kinds.push(id), onBytes },
  );
  const whats = [...(stats.ofBase.blobs === 1 ? ['base'] : []), ...(stats.cached.blobs === 1 ? ['known'] : [])];
  const done = whats.join(' and ') || 'none';
  assert.equal([left.length, bytes, stats.blobs], done === 'none' ? [1, 0, 0] : [0, 10, 1]);
  return [done, ...kinds].join(' ');
}

const PLAIN: CleanEntry = { kind: undefined, visits: '' };

test('a content of the base is done unless a rule looks at those of the base', () => {
  assert.is(fateOf(contentAt('/a'), { same: true, claimed: true }), 'base');
  assert.is(fateOf(contentAt('/a', [visitBy('x', 'skip')]), { same: true, claimed: true }), 'base');
  assert.is(fateOf(contentAt('/a', [visitBy('x')]), { same: true, claimed: true }), 'none');
});

test('equal bytes without a claim for the place, and a claim without equal bytes, are nothing', () => {
  assert.is(fateOf(contentAt('/a'), { same: true }), 'none');
  assert.is(fateOf(contentAt('/a'), { claimed: true }), 'none');
});

test('what is known is done, with its kind; what is not known is left', () => {
  assert.is(fateOf(contentAt('/a'), { known: PLAIN }), 'known');
  assert.is(fateOf(contentAt('/a'), { known: { ...PLAIN, kind: kindOf('zip') } }), 'known zip');
  assert.is(fateOf(contentAt('/a'), {}), 'none');
  assert.is(fateOf(contentAt('/a'), { known: PLAIN, cache: false }), 'none');
});

test('visits are done only when these very ones found nothing', () => {
  const visits = [visitBy('x')];
  const seen = visitKey('basis', visits, () => true);
  assert.is(fateOf(contentAt('/a', visits), { known: { ...PLAIN, visits: seen } }), 'known');
  assert.is(fateOf(contentAt('/a', visits), { known: PLAIN }), 'none');
  assert.is(fateOf(contentAt('/a', [visitBy('y')]), { known: { ...PLAIN, visits: seen } }), 'none');
  assert.is(fateOf(contentAt('/a', [visitBy('own')]), { known: PLAIN }), 'none', 'a rule that may change under its name');
});

test('what only a visit waits for is read', () => {
  assert.is(fateOf(contentAt('/a', [visitBy('x')], false), { same: true, claimed: true, known: PLAIN }), 'none');
});

test.run();
