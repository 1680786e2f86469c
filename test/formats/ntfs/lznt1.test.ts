// LZNT1: the example of [MS-XCA], plain chunks, damage.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { decodeLznt1 } from '../../../formats/ntfs/lznt1.ts';
import { survives } from '../../helpers/damage.ts';

const test = suite('lznt1');
/** [MS-XCA] 3.3 */
const EXAMPLE = Buffer.from(
  '38b088462320002047204100 10a24701a045204400084501507900c04520052413880 5b4024a44ef0358028c091601484500be009e000401189000'.replaceAll(
    ' ',
    '',
  ),
  'hex',
);
const TEXT =
  'F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D\0';

test('the example of the specification', () => {
  const output = new Uint8Array(TEXT.length);
  decodeLznt1(EXAMPLE, output);
  assert.is(Buffer.from(output).toString('latin1'), TEXT);
});

test('a chunk that is stored as it is, and what no chunk reaches', () => {
  const stored = Buffer.concat([Buffer.from([0x03, 0x30]), Buffer.from('abcd')]);
  const output = new Uint8Array(6);
  decodeLznt1(stored, output);
  assert.is(Buffer.from(output).toString('latin1'), 'abcd\0\0');
  assert.throws(() => decodeLznt1(stored, new Uint8Array(3)), /longer than its place/);
});

test('damaged data gives a FormatError or other bytes', () => {
  survives(new Uint8Array(EXAMPLE), (bytes) => decodeLznt1(bytes, new Uint8Array(TEXT.length)), FormatError);
  for (const wrong of ['0010aa', '00b0', '01b00100']) {
    assert.throws(
      () => decodeLznt1(Buffer.from(wrong, 'hex'), new Uint8Array(100)),
      (error: unknown) => error instanceof FormatError,
    );
  }
});

test.run();
