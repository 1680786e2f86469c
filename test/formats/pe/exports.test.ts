// Exports of PE files: own functions, forwarders, and counts that cannot be.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readExports } from '../../../formats/pe/exports.ts';
import { parsePeHeaders } from '../../../formats/pe/headers.ts';
import { PeReader } from '../../../formats/pe/reader.ts';
import { makePe } from '../../helpers/make-pe.ts';

const exportsOf = (content: Uint8Array) => readExports(new PeReader(content, parsePeHeaders(content)));

test('functions with their ordinals; a forwarder names its target', () => {
  const exports = { SLOpen: 'OTHER.SLOpen', SLGetLicensingStatusInformation: '', DllMain: '' };
  for (const bits of [32, 64] as const) {
    assert.equal(exportsOf(makePe({ bits, exports, dllName: 'made.dll' })), {
      dll: 'made.dll',
      functions: [
        { name: 'SLOpen', ordinal: 1, forwarder: 'OTHER.SLOpen' },
        { name: 'SLGetLicensingStatusInformation', ordinal: 2, forwarder: undefined },
        { name: 'DllMain', ordinal: 3, forwarder: undefined },
      ],
    });
  }
});

test('a program exports nothing', () => assert.is(exportsOf(makePe()), undefined));

test('a count that no file holds is refused', () => {
  const content = Buffer.from(makePe({ exports: { a: '' } }));
  content.writeUInt32LE(70_000, content.readUInt32LE(0x98 + 112) - 0x1000 + 0x400 + 20);
  assert.throws(() => exportsOf(content), /70000 functions/);
});

test.run();
