// The bytes of XML files as text: marks, UTF-16, and declarations that lie.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { decodeXml, encodeXml, looksLikeXml, XML_MAX_BYTES } from '../../../formats/xml/decode.ts';
import { parseXml } from '../../../formats/xml/parse.ts';
import { renderXml } from '../../../formats/xml/render.ts';
import { textOf } from '../../../formats/xml/tree.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const refused = (given: string | Uint8Array, pattern: RegExp) =>
  assert.throws(
    () => parseXml(typeof given === 'string' ? utf8(given) : given),
    (error: unknown) => error instanceof FormatError && pattern.test(error.message),
  );

test('reads UTF-8 and UTF-16 with and without a byte order mark, and writes them back byte for byte', () => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    for (const bom of [true, false]) {
      const bytes = encodeXml(
        `<?xml version="1.0" encoding="${encoding.slice(0, 6)}"?>\r\n<a>é</a>\r\n`.replace('utf-8"', 'UTF-8"'),
        encoding,
        bom,
      );
      const document = parseXml(bytes);
      assert.equal([document.encoding, document.bom, document.newline, textOf(document.root)], [encoding, bom, '\r\n', 'é']);
      assert.equal(renderXml(document), bytes);
    }
  }
});

test('refuses an encoding that the bytes do not have', () => {
  refused('<?xml version="1.0" encoding="utf-16"?><a/>', /declares encoding utf-16, but its bytes are utf-8/);
  refused(encodeXml('<?xml version="1.0" encoding="utf-8"?><a/>', 'utf-16le', true), /declares encoding utf-8, but its bytes are utf-16le/);
  refused('<?xml version="1.0" encoding="windows-1252"?><a>é</a>', /only the ASCII part/);
  refused(new Uint8Array([0x3c, 0x61, 0x3e, 0xff, 0x3c]), /not utf-8/);
  refused(new Uint8Array([0xff, 0xfe, 0x3c, 0, 0x61]), /ends within/);
  assert.is(parseXml(utf8('<?xml version="1.0" encoding="windows-1252"?><a>e</a>')).root.name, 'a');
});

test('the mark is taken off and put back', () => {
  assert.equal(decodeXml(new Uint8Array([0xef, 0xbb, 0xbf, 0x3c])), { text: '<', encoding: 'utf-8', bom: true });
  assert.equal(decodeXml(new Uint8Array([0, 0x3c])), { text: '<', encoding: 'utf-16be', bom: false });
  assert.equal([...encodeXml('<', 'utf-16be', true)], [0xfe, 0xff, 0, 0x3c]);
});

test('looks like XML in any encoding, and nothing else does', () => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    for (const bom of [true, false]) assert.ok(looksLikeXml(encodeXml('<a/>', encoding, bom)), `${encoding} ${bom}`);
  }
  for (const other of ['', 'MZ', '@echo off', ' <a/>', '{"a":"<"}']) assert.not.ok(looksLikeXml(utf8(other)), other);
  assert.not.ok(looksLikeXml(new Uint8Array(XML_MAX_BYTES + 1).fill(0x3c)));
});

test.run();
