// A content of a plan: its places and visits as they were added, of files by their number and of others.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import type { Visit } from '../../lint/content-plan.ts';
import { Asks, type PlanFacts, PlannedContent, PlannedStream, placeOf } from '../../lint/planned-content.ts';
import type { RuleRun } from '../../lint/rule-run.ts';

const runs = ['a', 'b', 'c'].map((id) => ({ id }) as unknown as RuleRun);
const fileOf = (at: number, isNumbered: boolean) => ({ path: `/${at}`, ...(isNumbered ? { number: at } : {}) }) as ImageFile;
const numbered = (): PlanFacts => ({ image: { numbered: (at) => fileOf(at, true) }, asks: new Asks() });
const plain = (): PlanFacts => ({ image: {}, asks: new Asks() });

const textOf = ({ run, file, content }: Visit) => `${(run as unknown as { id: string }).id} ${file.path} ${content}`;
const placesOf = ({ places }: PlannedContent) => places.map(({ file, stream }) => `${file.path}:${stream ?? ''}`);

test('visits are those that were added, in their order, whoever else waits for the same', () => {
  const visit = fc.record({
    at: fc.nat({ max: 2 }),
    run: fc.constantFrom(...runs),
    content: fc.constantFrom('head' as const, 'whole' as const),
  });
  fc.assert(
    fc.property(fc.array(fc.array(visit, { maxLength: 30 }), { maxLength: 4 }), fc.boolean(), (lists, isNumbered) => {
      const files = [0, 1, 2].map((at) => fileOf(at, isNumbered));
      const facts = isNumbered ? numbered() : plain();
      const contents = lists.map((list) => {
        const content = new PlannedContent(facts, files[0]!, 5);
        for (const { at, ...ask } of list) content.addVisit({ ...ask, file: files[at]! });
        return content;
      });
      assert.equal(
        contents.map(({ visits }) => visits.map(textOf)),
        lists.map((list) => list.map(({ at, ...ask }) => textOf({ ...ask, file: files[at]! }))),
      );
    }),
  );
});

test('equal asks are one object, however they came about', () => {
  const none = new Asks();
  const [a, b] = runs.map((run) => ({ run, content: 'whole' as const }));
  assert.is(none.and(a!).and(b!), none.and(a!).and(b!));
  assert.is.not(none.and(a!).and(b!), none.and(b!).and(a!));
  assert.equal(none.and(a!).and({ ...b!, content: 'head' }).all, [a, { ...b!, content: 'head' }]);
});

for (const [what, facts, isNumbered] of [
  ['with numbers', numbered(), true],
  ['without', plain(), false],
] as const)
  test(`places of files ${what}: its own where it is scanned, then the others, streams with their names`, () => {
    const files = Array.from({ length: 30 }, (_, at) => fileOf(at, isNumbered));
    const content = new PlannedContent(facts, files[0]!, 5);
    assert.equal([placesOf(content), content.file.path, content.request.file.path, content.size], [[], '/0', '/0', 5]);
    content.addPlace(files[1]!, undefined);
    assert.equal(placesOf(content), ['/1:']);
    content.addPlace(files[0]!, undefined);
    content.addPlace(files[0]!, 's');
    for (const file of files.slice(2)) content.addPlace(file, undefined);
    assert.equal(placesOf(content), ['/0:', '/1:', '/0:s', ...files.slice(2).map(({ path }) => `${path}:`)]);
    assert.is(content.request, content.request);
  });

test('a stream is its own place by its name', () => {
  const content = new PlannedStream(plain(), fileOf(0, false), 's', 5);
  content.addPlace(content.file, undefined);
  content.addPlace(content.file, 's');
  assert.equal([placesOf(content), content.request.stream], [['/0:s', '/0:'], 's']);
  assert.equal(
    [placeOf(content.file, undefined), placeOf(content.file, 's')],
    [{ file: content.file }, { file: content.file, stream: 's' }],
  );
});

test.run();
