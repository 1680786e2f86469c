// The quick search: every text at every alignment and in any case, and never quiet where a signature matches.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ContentScanner, type ScanResult } from '../../lint/content-scan.ts';
import { Prefilter } from '../../lint/prefilter.ts';
import { loadSignatures } from '../../lint/signatures.ts';

const matches = (filter: Prefilter, data: Uint8Array) => {
  let found = false;
  filter.find(data, () => {
    found = true;
    return false;
  });
  return found;
};
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'), (byte) => byte | 0x20);

test('texts at every alignment, at both ends, whatever stands around them', () => {
  const texts = ['abcdef', 'sixsix', 'a longer text', 'k m s ', '\xff\xfe\xfd\xfc\xfb\xfa'];
  const filter = new Prefilter(texts.map(bytes));
  for (const text of texts) {
    for (let shift = 0; shift < 8; shift++) {
      for (const [before, behind] of [
        [0, 0],
        [0, 3],
        [1, 0],
        [5, 1],
        [40, 2],
        [3, 50],
      ] as const) {
        const store = new Uint8Array(before + text.length + behind + 8);
        const data = store.subarray(shift, shift + before + text.length + behind);
        data.set(Buffer.from(text.toUpperCase(), 'latin1').subarray(0, text.length), before);
        if (!/[\x80-\xff]/.test(text)) assert.is(matches(filter, data), true, `${text} ${shift} ${before} ${behind}`);
        data.set(Buffer.from(text, 'latin1'), before);
        const found: number[] = [];
        filter.find(data, (at) => found.push(at) > 0);
        assert.equal(found, [before], `${text} ${shift} ${before} ${behind}`);
      }
    }
  }
});

test('nothing where no text stands, and no text is too short to be told', () => {
  const filter = new Prefilter([bytes('abcdef')]);
  for (const text of ['', 'a', 'abcde', 'bcdef', 'abcdexf', 'abcde'.repeat(50)]) assert.is(matches(filter, Buffer.from(text)), false);
  assert.is(matches(new Prefilter([]), Buffer.from('abcdef')), false);
  assert.throws(() => new Prefilter([bytes('abcde')]), RangeError);
});

test('the search can be stopped', () => {
  const found: number[] = [];
  new Prefilter([bytes('abcdef')]).find(Buffer.from('abcdef abcdef abcdef'), (at) => found.push(at) < 2);
  assert.equal(found, [0, 7]);
});

test('random texts in random bytes: all are found', () => {
  const text = fc.uint8Array({ minLength: 6, maxLength: 14 }).map((data) => data.map((byte) => byte | 0x20));
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 20 }),
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(7),
      fc.nat(),
      (forms, noise, shift, pick) => {
        const form = forms[pick % forms.length]!;
        const at = pick % (noise.length + 1);
        const store = new Uint8Array(noise.length + form.length + 8);
        const data = store.subarray(shift, shift + noise.length + form.length);
        data.set(noise.subarray(0, at));
        data.set(form, at);
        data.set(noise.subarray(at), at + form.length);
        const found: number[] = [];
        new Prefilter(forms).find(data, (place) => found.push(place) > 0);
        assert.ok(found.includes(at));
      },
    ),
    { numRuns: 500 },
  );
});

const PACK = String.raw`
private rule program { condition: uint16(0) == 0x5A4D }
rule plain { strings: $a = "Marker-Text" condition: $a }
rule wide_nocase { strings: $a = "hidden" ascii wide nocase condition: $a }
rule hex { strings: $a = { 01 02 03 ?? ( 41 | 42 ) 90 91 92 93 94 95 [1-3] 96 } condition: $a }
rule expression { strings: $a = /(ab|cd)0x83[uUL]{0,2},[ \t]{0,3}0xF9+/ nocase condition: $a }
rule alternatives { strings: $a = /first way|second way/ wide condition: program and $a }
rule word { strings: $a = "SinglE" fullword condition: $a }
rule counted { strings: $a = "twice told" $b = "never told" condition: #a >= 2 and not $b }
`;

/** Pieces that make the rules of the pack match, and near misses. */
const PIECES = [
  ...['Marker-Text', 'marker-text', 'HIDDEN', 'hidde', ' SinglE ', 'xSinglEx', 'twice told', 'never told', 'MZ', 'first way', '\0', ' '],
  ...['cd0X83uL, \t0xf9', 'ab0x83,0xF9', '0x83,0xF9', '\x01\x02\x03\x00B\x90\x91\x92\x93\x94\x95\x00\x96', '\x90\x91\x92\x93\x94\x95'],
  ...['hidden', 'first way', 'second way', 'HiDdEn'].map((text) => Buffer.from(text, 'utf16le').toString('latin1')),
];

const signatures = await loadSignatures(['pack'], async () => PACK);
const everything = await loadSignatures(['pack'], async () => `${PACK}\nrule all_of_it { condition: true }`);

const [gated, ungated] = [signatures, everything].map((loaded) => new ContentScanner({ signatures: loaded, keys: false })) as [
  ContentScanner,
  ContentScanner,
];

function hitsOf(scanner: ContentScanner, data: Uint8Array): ScanResult['hits'] {
  scanner.begin();
  scanner.take(data, true);
  return scanner.end().hits;
}

test('a pack behind the search finds what it finds without it', () => {
  assert.equal([...signatures.slow], []);
  assert.equal([...everything.slow], [['pack', ['all_of_it']]]);
  let hits = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ maxLength: 9 }) }), {
        minLength: 3,
        maxLength: 12,
      }),
      (parts) => {
        const data = Buffer.from(parts.join(''), 'latin1');
        const told = hitsOf(gated, data);
        hits += told.length;
        assert.equal(
          told,
          hitsOf(ungated, data).filter(({ rule }) => rule !== 'all_of_it'),
        );
      },
    ),
    { numRuns: 1500 },
  );
  assert.ok(hits > 500);
});

test.run();
