// WIM XML: what is read of each image, and what is refused unread.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, utf16Bytes } from '../../../formats/bytes.ts';
import { parseWimXml } from '../../../formats/wim/xml.ts';
import { survives } from '../../helpers/damage.ts';

const xml = (text: string) => utf16Bytes(`\ufeff${text}`);
const WINDOWS =
  '<WINDOWS><ARCH>9</ARCH><EDITIONID>Enterprise</EDITIONID><VERSION><MAJOR>10</MAJOR><BUILD>19045</BUILD></VERSION></WINDOWS>';
const GOOD = `<WIM><TOTALBYTES>5</TOTALBYTES><IMAGE INDEX="2"><NAME>B</NAME></IMAGE><IMAGE INDEX="1"><NAME>A &amp; more</NAME><DIRCOUNT>3</DIRCOUNT><FILECOUNT>4</FILECOUNT><TOTALBYTES>99</TOTALBYTES>${WINDOWS}</IMAGE></WIM>`;

function refused(text: string, said: RegExp): void {
  assert.throws(
    () => parseWimXml(xml(text)),
    (error: unknown) => error instanceof FormatError && said.test(error.message),
  );
}

test('reads the images by index', () => {
  assert.equal(parseWimXml(xml(GOOD)), [
    { index: 1, name: 'A & more', edition: 'Enterprise', architecture: 9, build: 19045, folders: 3, files: 4, bytes: 99 },
    { index: 2, name: 'B', edition: '', architecture: undefined, build: 0, folders: 0, files: 0, bytes: 0 },
  ]);
  assert.equal(parseWimXml(xml('<WIM></WIM>')), []);
  assert.is(parseWimXml(xml(`${GOOD}\0`)).length, 2);
});

test('cleans names of control characters', () => {
  assert.is(parseWimXml(xml('<WIM><IMAGE INDEX="1"><NAME>a\u009bb</NAME></IMAGE></WIM>'))[0]!.name, 'a\ufffdb');
});

test('refuses document types and entities', () => {
  refused('<!DOCTYPE WIM [<!ENTITY a "b">]><WIM>&a;</WIM>', /document type/);
  refused('<WIM><!ELEMENT x></WIM>', /document type/);
  assert.is(parseWimXml(xml('<WIM><!-- remark --><IMAGE INDEX="1"><NAME><![CDATA[x]]></NAME></IMAGE></WIM>'))[0]!.name, 'x');
});

test('refuses what is not UTF-16LE with a byte order mark, not XML, or not a WIM', () => {
  assert.throws(() => parseWimXml(new TextEncoder().encode(GOOD)), /byte order mark/);
  assert.throws(() => parseWimXml(utf16Bytes(GOOD)), /byte order mark/);
  refused('<WIM><IMAGE></WIM>', /well-formed/);
  refused('x<WIM>y</WIM>z', /well-formed/); // two faults: the parser throws the second one
  refused('<OTHER/>', /no WIM element/);
  refused('', /no WIM element|well-formed/);
});

test('refuses indexes with gaps or twins', () => {
  refused('<WIM><IMAGE INDEX="2"/></WIM>', /image 1 is missing/);
  refused('<WIM><IMAGE INDEX="1"/><IMAGE INDEX="1"/></WIM>', /image 2 is missing or there twice/);
  refused('<WIM><IMAGE/></WIM>', /image 1/);
});

test('refuses deep nesting', () => refused(`<WIM>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</WIM>`, /nested more than/));

test('damage gives a FormatError or images', () => survives(xml(GOOD), parseWimXml, FormatError, 200));

test.run();
