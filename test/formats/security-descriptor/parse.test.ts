// Security descriptors read: owner, lists and entries, and hostile bytes.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseDescriptor, sidBytes } from '../../../formats/security-descriptor/parse.ts';
import { plainAce, renderDescriptor } from '../../../formats/security-descriptor/render.ts';

/** O:BAG:SYD:PAI(A;OICIIO;GA;;;CO)(A;;FA;;;SY), written down byte by byte from [MS-DTYP], not by our own writer. */
const HAND_MADE = Buffer.from(
  [
    '01000494' + '4c000000' + '5c000000' + '00000000' + '14000000', // head: owner +0x4c, group +0x5c, no SACL, DACL +0x14
    '0200' + '3800' + '0200' + '0000', // list: 56 bytes, 2 entries
    '000b' + '1800' + '00000010' + '010200000000000312345678' + '00000000',
    '0000' + '1800' + 'ff011f00' + '0102000000000005' + '20000000' + '20020000',
    '0102000000000005' + '20000000' + '20020000',
    '010100000000000512000000',
  ].join(''),
  'hex',
);

test('a descriptor made by hand', () => {
  const descriptor = parseDescriptor(HAND_MADE);
  assert.is(descriptor.owner, 'S-1-5-32-544');
  assert.is(descriptor.group, 'S-1-5-18');
  assert.is(descriptor.control, 0x9404);
  assert.is(descriptor.sacl, undefined);
  assert.equal(
    descriptor.dacl!.map(({ type, flags, mask, sid }) => ({ type, flags, mask, sid })),
    [
      { type: 0, flags: 0x0b, mask: 0x10000000, sid: 'S-1-3-2018915346-0' },
      { type: 0, flags: 0, mask: 0x1f01ff, sid: 'S-1-5-32-544' },
    ],
  );
});

test('no list and an empty list are two things', () => {
  const none = parseDescriptor(renderDescriptor({ control: 0, owner: undefined, group: undefined, dacl: undefined, sacl: undefined }));
  const empty = parseDescriptor(renderDescriptor({ control: 0, owner: undefined, group: undefined, dacl: [], sacl: undefined }));
  assert.is(none.dacl, undefined);
  assert.equal(empty.dacl, []);
});

test('entries with object types and of unknown type are kept', () => {
  const object = Buffer.from(`050038003000000003000000${'11'.repeat(16)}${'22'.repeat(16)}010100000000000100000000`, 'hex');
  const unknown = Buffer.from('7f000800aabbccdd', 'hex');
  const ace = (bytes: Uint8Array) => ({ type: bytes[0]!, flags: 0, mask: 0, sid: undefined, bytes, sidAt: bytes.length });
  const data = renderDescriptor({ control: 0, owner: undefined, group: undefined, dacl: [ace(object), ace(unknown)], sacl: undefined });
  const [first, second] = parseDescriptor(data).dacl!;
  assert.is(first!.sid, 'S-1-1-0');
  assert.is(first!.mask, 0x30);
  assert.is(first!.sidAt, 44);
  assert.is(second!.sid, undefined);
  assert.equal(Buffer.from(second!.bytes).toString('hex'), unknown.toString('hex'));
});

test('SIDs survive text and back, large authorities included', () => {
  for (const sid of ['S-1-1-0', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464', 'S-1-281474976710655-4294967295']) {
    const data = renderDescriptor({ control: 0, owner: sid, group: undefined, dacl: undefined, sacl: undefined });
    assert.is(parseDescriptor(data).owner, sid);
  }
  assert.throws(() => sidBytes('Administrators'), TypeError);
});

test('what is no descriptor is a FormatError', () => {
  const cases: Record<string, Uint8Array> = {
    empty: new Uint8Array(),
    'head only in part': HAND_MADE.subarray(0, 19),
    'cut in the list': HAND_MADE.subarray(0, 0x40),
    'revision 2': Buffer.concat([Buffer.from([2]), HAND_MADE.subarray(1)]),
    'far too large': new Uint8Array(0x30000),
    'list shorter than its head': patched(HAND_MADE, 0x16, 4),
    'entry of no bytes': patched(HAND_MADE, 0x1e, 0),
    'entry larger than its list': patched(HAND_MADE, 0x1e, 0xff),
    'more entries than bytes': patched(HAND_MADE, 0x18, 9),
    'SID with 16 parts': patched(HAND_MADE, 0x4d, 16),
  };
  for (const [what, bytes] of Object.entries(cases)) {
    assert.throws(
      () => parseDescriptor(bytes),
      (error: unknown) => error instanceof FormatError,
      what,
    );
  }
});

test('flipped and cut bytes give a value or a FormatError, nothing else', () => {
  const good = renderDescriptor({
    control: 0x1400,
    owner: 'S-1-5-18',
    group: 'S-1-5-32-544',
    dacl: [plainAce(0, 3, 0x1f01ff, 'S-1-1-0'), plainAce(1, 0, 2, 'S-1-5-7')],
    sacl: [plainAce(2, 0x40, 2, 'S-1-1-0')],
  });
  const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(flips, fc.nat(good.length), (changes, length) => {
      const bytes = good.slice(0, length);
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      try {
        parseDescriptor(bytes);
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
    { numRuns: 2000 },
  );
});

function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

test.run();
