// Contents side by side: each gives what it gives alone, whatever its neighbours are.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ContentScanner, type ScanResult } from '../../lint/content-scan.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { SLAB_CONTENT_MAX, Slab } from '../../lint/slab.ts';
import { madeKey } from '../helpers/product-keys.ts';

const SOURCE =
  'rule a { strings: $a = "Marker-Text" ascii wide condition: $a } rule at_end { strings: $b = "last words" condition: $b at filesize - 10 }';
const load = (more = '') => loadSignatures(['s'], async () => SOURCE + more);
const signatures = await load();
const slow = await load(' rule any { condition: filesize == 3 }');

function both(wishes: ConstructorParameters<typeof ContentScanner>[0], contents: readonly Uint8Array[]): [ScanResult[], ScanResult[]] {
  const scanner = new ContentScanner(wishes);
  const alone = contents.map((content) => {
    scanner.begin();
    scanner.take(content, true);
    return scanner.end();
  });
  const slab = new Slab<number>(wishes, scanner);
  const together: ScanResult[] = [];
  const scan = () =>
    slab.scan((at, result, bytes) => {
      assert.equal(Buffer.compare(bytes, contents[at]!), 0);
      together[at] = result;
    });
  for (const [at, content] of contents.entries()) {
    if (!slab.room(content.length)) scan();
    slab.room(content.length)!.set(content);
    slab.add(at, content.length);
  }
  scan();
  return [together, alone];
}

const KEY = madeKey(11);
const PIECES = [
  'Marker-Text',
  'Marker-',
  'Text',
  'last words',
  KEY,
  KEY.slice(0, 15),
  KEY.slice(15),
  'x',
  '\0',
  '-',
  'MZ',
  'PK\x03\x04',
  'ABC',
];
const piece = fc.constantFrom(
  ...PIECES.flatMap((text) => [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]),
);
const someContent = fc.array(piece, { maxLength: 4 }).map((pieces) => Buffer.concat(pieces));

test('a slab gives what each content gives alone', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(someContent, { maxLength: 12 }), fc.boolean(), (contents, quick) => {
      const [together, alone] = both({ signatures: quick ? signatures : slow, keys: true }, contents);
      found += alone.filter(({ hits, keys }) => hits.length + keys.length > 0).length;
      assert.equal(together, alone);
    }),
    { numRuns: 400 },
  );
  assert.ok(found > 100);
});

test('the largest content fits alone, the next one waits', () => {
  const slab = new Slab<string>({ signatures, keys: false }, new ContentScanner({ signatures, keys: false }));
  assert.is(slab.room(SLAB_CONTENT_MAX)!.length, SLAB_CONTENT_MAX);
  assert.is(slab.room(SLAB_CONTENT_MAX + 1), undefined);
  slab.add('first', SLAB_CONTENT_MAX);
  assert.is(slab.room(1), undefined);
  const seen: string[] = [];
  slab.scan((content) => seen.push(content));
  slab.scan((content) => seen.push(content));
  assert.equal(seen, ['first']);
  assert.ok(slab.room(1));
});

test('more contents than fit into one', () => {
  const contents = Array.from({ length: 30 }, (_, at) => Buffer.alloc(90_000, `${'x'.repeat(at)}Marker-Text`));
  const [together, alone] = both({ signatures, keys: true }, contents);
  assert.equal(together, alone);
});

test.run();
