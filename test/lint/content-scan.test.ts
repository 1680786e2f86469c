// Contents as they stream by: nothing is lost between chunks or windows, nothing is told twice, offsets are those of the content.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf16Bytes } from '../../formats/bytes.ts';
import { ContentScanner, type ScanResult, WINDOW_BYTES } from '../../lint/content-scan.ts';
import { OVERLAP_BYTES } from '../../lint/kind-probe.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { madeKey } from '../helpers/product-keys.ts';

const SOURCE = `
private rule program { condition: uint16(0) == 0x5A4D }
rule marker { strings: $a = "MARKER-TEXT" condition: $a }
rule in_program { strings: $b = "PROGRAM-TEXT" condition: program and $b }
rule at_start { strings: $c = "MZ" condition: $c at 0 }
rule size { condition: filesize < 9MB and filesize > 8MB }
rule both { strings: $d = "FAR-ONE" $e = "FAR-TWO" condition: all of them }
`;
const signatures = await loadSignatures(['test'], async () => SOURCE);
const scanner = new ContentScanner({ signatures, keys: true });
/** Nothing of it is looked for where none of its texts was found. */
const GATED = `
private rule program { condition: uint16(0) == 0x5A4D }
rule marker { strings: $a = "MARKER-TEXT" condition: $a }
rule in_program { strings: $b = "PROGRAM-TEXT" condition: program and $b }
rule with_short { strings: $c = "LONGER-TEXT" $d = { F1 F2 F3 } condition: $c and $d }
`;
const gatedSignatures = await loadSignatures(['test'], async () => GATED);
assert.is(gatedSignatures.slow.size, 0);
const gated = new ContentScanner({ signatures: gatedSignatures, keys: true });
const CHUNK = 1024 * 1024;

function scan(content: Uint8Array, chunk = CHUNK, by = scanner): ScanResult {
  by.begin();
  for (let at = 0; at < content.length; at += chunk) by.take(content.subarray(at, at + chunk), chunk >= content.length);
  return by.end();
}

const told = ({ hits }: ScanResult) => hits.map(({ rule, strings }) => `${rule} ${strings.map(({ offset }) => offset).join(',')}`).sort();
const KEY = madeKey(5);

function content(size: number, pieces: Readonly<Record<number, string | Uint8Array>>): Buffer {
  const data = Buffer.alloc(size);
  for (const [at, piece] of Object.entries(pieces)) data.set(Buffer.from(piece), Number(at));
  return data;
}

test('a text across two chunks, of one byte even', () => {
  const data = content(300, { 90: 'MARKER-TEXT', 200: KEY });
  for (const chunk of [1, 7, 95, 210, 1000]) {
    const result = scan(data, chunk);
    assert.equal(told(result), ['marker 90']);
    assert.equal(
      result.keys.map(({ offset, text }) => [offset, text]),
      [[200, KEY]],
    );
  }
});

test('a text at every place around the border of two windows is found once', () => {
  const border = WINDOW_BYTES;
  const wide = utf16Bytes(KEY);
  for (const at of [
    border - OVERLAP_BYTES - 5,
    border - OVERLAP_BYTES,
    border - OVERLAP_BYTES / 2 - 3,
    border - OVERLAP_BYTES / 2,
    border - 5,
    border,
    border + 3,
  ]) {
    const data = content(border + 9000, { [at]: 'MARKER-TEXT', [at + 101]: KEY, [at + 301]: wide });
    const result = scan(data);
    assert.equal(told(result), [`marker ${at}`], `at ${at}`);
    assert.equal(
      result.keys.map(({ offset, encoding }) => [offset, encoding]),
      [
        [at + 101, 'ascii'],
        [at + 301, 'utf-16le'],
      ],
      `at ${at}`,
    );
  }
});

test('a text around every border of what is searched at a time, and keys there', () => {
  for (const border of [256 * 1024, 512 * 1024, WINDOW_BYTES - OVERLAP_BYTES + 256 * 1024]) {
    for (const shift of [-OVERLAP_BYTES, -OVERLAP_BYTES / 2 - 3, -OVERLAP_BYTES / 2, -41, -40, -5, -1, 0, 3]) {
      const at = border + shift;
      const result = scan(content(WINDOW_BYTES + 600_000, { [at]: 'MARKER-TEXT', [at + 12]: KEY }), 100_000, gated);
      assert.equal(told(result), [`marker ${at}`], `at ${at}`);
      assert.equal(
        result.keys.map(({ offset }) => offset),
        [at + 12],
        `at ${at}`,
      );
    }
  }
});

test('the borders of a key hold at the border of windows, too', () => {
  const at = WINDOW_BYTES - OVERLAP_BYTES / 2;
  assert.equal(scan(content(WINDOW_BYTES + 9000, { [at - 1]: `x${KEY}` })).keys, []);
  assert.equal(scan(content(WINDOW_BYTES + 9000, { [WINDOW_BYTES - 29]: `${KEY}x` })).keys, []);
});

test('a condition on the first bytes holds in every window, and is no hit by itself', () => {
  const far = 2 * WINDOW_BYTES + 12_345;
  const data = content(3 * WINDOW_BYTES, { 0: 'MZ', [far]: 'PROGRAM-TEXT' });
  assert.equal(told(scan(data)), ['at_start 0', `in_program ${far}`]);
  assert.equal(told(scan(content(3 * WINDOW_BYTES, { [far]: 'PROGRAM-TEXT' }))), []);
});

test('a text at the start or shared with the window before, and one behind it that is too short to look for', () => {
  const short = Uint8Array.of(0xf1, 0xf2, 0xf3);
  const far = 2 * WINDOW_BYTES + 12_345;
  assert.equal(told(scan(content(3 * WINDOW_BYTES, { 100: 'LONGER-TEXT', [far]: short }), CHUNK, gated)), [`with_short ${far}`]);
  assert.equal(told(scan(content(3 * WINDOW_BYTES, { 0: 'MZ', [far]: 'PROGRAM-TEXT' }), CHUNK, gated)), [`in_program ${far}`]);
  assert.equal(told(scan(content(3 * WINDOW_BYTES, { 5000: 'LONGER-TEXT', [far]: short }), CHUNK, gated)), []);
  for (const at of [WINDOW_BYTES - OVERLAP_BYTES, WINDOW_BYTES - 2000, WINDOW_BYTES - 5]) {
    const behind = WINDOW_BYTES + 100_000;
    const pieces = { [WINDOW_BYTES - 9000]: 'MARKER-TEXT', [at]: 'LONGER-TEXT', [behind]: short };
    const [marker, found] = told(scan(content(2 * WINDOW_BYTES, pieces), CHUNK, gated));
    assert.is(marker, `marker ${WINDOW_BYTES - 9000}`);
    assert.ok(found!.endsWith(`,${behind}`), `${at}: ${found}`);
  }
});

test('sizes are true where a content is scanned in one piece, and the limit of windows is what it says', () => {
  assert.equal(told(scan(Buffer.alloc(WINDOW_BYTES))), []);
  assert.equal(told(scan(content(WINDOW_BYTES, { 5: 'FAR-ONE', [WINDOW_BYTES - 7]: 'FAR-TWO' }))), [`both 5,${WINDOW_BYTES - 7}`]);
  // Two texts in two windows are not seen together.
  assert.equal(
    told(scan(content(3 * WINDOW_BYTES, { 50000: 'FAR-ONE', [2 * WINDOW_BYTES]: 'FAR-TWO' }))).filter((hit) => hit.startsWith('both')),
    [],
  );
});

test('one content does not leak into the next', () => {
  scan(content(WINDOW_BYTES + 9000, { 100: 'LONGER-TEXT' }), CHUNK, gated);
  assert.equal(told(scan(content(2 * WINDOW_BYTES, { [WINDOW_BYTES + 9000]: Uint8Array.of(0xf1, 0xf2, 0xf3) }), CHUNK, gated)), []);
  scan(content(WINDOW_BYTES + 9000, { 0: 'MZ', 100: 'MARKER-TEXT', 200: KEY }));
  assert.equal(scan(content(100, { 10: 'PROGRAM-TEXT' })), { hits: [], keys: [], flooded: false, kind: undefined });
});

test('what a content begins like, in one piece, in small chunks and in windows', () => {
  for (const size of [40, 70_000, WINDOW_BYTES + 9000]) {
    assert.is(scan(content(size, { 0: 'PK\x03\x04' }), 1000).kind?.id, 'zip');
    assert.is(scan(content(size, { 1: 'PK\x03\x04' }), 1000).kind, undefined);
  }
  assert.is(scan(content(WINDOW_BYTES + 9000, { [0x8001]: 'CD001', [WINDOW_BYTES + 100]: 'MZ' }), 1000).kind?.id, 'iso');
});

test('a flood of candidates is told', () => {
  const lines = `${KEY}\n`.repeat(10_001);
  const result = scan(Buffer.from(lines));
  assert.is(result.keys.length, 10_000);
  assert.is(result.flooded, true);
});

test.run();
