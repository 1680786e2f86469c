// A rendered descriptor reads back as the same value.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseDescriptor } from '../../../formats/security-descriptor/parse.ts';
import { plainAce, renderDescriptor } from '../../../formats/security-descriptor/render.ts';

const sid = fc
  .tuple(fc.nat(0xffff), fc.array(fc.nat(0xffffffff), { maxLength: 15 }))
  .map(([authority, parts]) => ['S-1', authority, ...parts].join('-'));
const ace = fc.tuple(fc.constantFrom(0, 1, 2, 9), fc.nat(0xff), fc.nat(0xffffffff), sid).map((given) => plainAce(...given));
const acl = fc.option(fc.array(ace, { maxLength: 8 }), { nil: undefined });
const descriptor = fc.record({
  owner: fc.option(sid, { nil: undefined }),
  group: fc.option(sid, { nil: undefined }),
  dacl: acl,
  sacl: acl,
});

test('render and parse are inverse', () => {
  fc.assert(
    fc.property(descriptor, (parts) => {
      const read = parseDescriptor(renderDescriptor({ control: 0x1400, ...parts }));
      assert.equal(bare(read), bare({ ...read, ...parts }));
      assert.is(read.control, 0x9400 | (parts.dacl ? 4 : 0) | (parts.sacl ? 0x10 : 0));
    }),
    { numRuns: 300 },
  );
});

test('a list that does not fit its size field is refused', () => {
  const entry = plainAce(0, 0, 1, 'S-1-1-0');
  const render = (count: number) =>
    renderDescriptor({ control: 0, owner: undefined, group: undefined, dacl: Array.from({ length: count }, () => entry), sacl: undefined });
  assert.is(parseDescriptor(render(3276)).dacl!.length, 3276); // 8 + 3276 * 20 = 65528
  assert.throws(
    () => render(3277),
    (error: unknown) => error instanceof FormatError,
  );
});

/** Buffers and views of one content count as equal. */
function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item)));
}

test.run();
