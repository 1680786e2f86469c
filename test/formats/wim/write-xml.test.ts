// The XML of a WIM edited as text: numbers and times change, everything else stays as it was.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, utf16, utf16Bytes } from '../../../formats/bytes.ts';
import { editXml, type XmlEdit } from '../../../formats/wim/write-xml.ts';
import { parseWimXml } from '../../../formats/wim/xml.ts';

const EDIT: XmlEdit = {
  index: 2,
  statistics: { folders: 11, files: 22, bytes: 33, hardLinkBytes: 44 },
  time: 0x01dd7ba1_447c92b0n,
  totalBytes: 5555,
  images: 'all',
};
const NEW_TIME = '<LASTMODIFICATIONTIME><HIGHPART>0x01DD7BA1</HIGHPART><LOWPART>0x447C92B0</LOWPART></LASTMODIFICATIONTIME>';
const OLD_TIME = '<LASTMODIFICATIONTIME><HIGHPART>0x1</HIGHPART><LOWPART>0x2</LOWPART></LASTMODIFICATIONTIME>';
const FIRST =
  '<IMAGE INDEX="1"><NAME>one</NAME><DIRCOUNT>1</DIRCOUNT><TOTALBYTES>7</TOTALBYTES><WINDOWS><TOTALBYTES>1</TOTALBYTES></WINDOWS></IMAGE>';

function edited(text: string, change: Partial<XmlEdit> = {}): string {
  return utf16(editXml(utf16Bytes(`\ufeff${text}`), { ...EDIT, ...change })).slice(1);
}

test('numbers and time of one image and the total change, nothing else', () => {
  const second = (dirs: string, files: string, bytes: string, links: string, time: string) =>
    `<IMAGE  INDEX = '2' X="&lt;a&gt;"><!-- DIRCOUNT --><DIRCOUNT>${dirs}</DIRCOUNT><FILECOUNT>${files}</FILECOUNT>\r\n\t<TOTALBYTES>${bytes}</TOTALBYTES>` +
    `<HARDLINKBYTES>${links}</HARDLINKBYTES>${time}<WINDOWS><DIRCOUNT>9</DIRCOUNT><X>ä \u{1f642} &amp;</X></WINDOWS></IMAGE>`;
  const whole = (total: string, image: string) => `<WIM>\n<TOTALBYTES>${total}</TOTALBYTES>${FIRST}${image}</WIM>\n`;
  assert.is(edited(whole('99', second('1', '2', '3', '4', OLD_TIME))), whole('5555', second('11', '22', '33', '44', NEW_TIME)));
});

test('what is missing is added at the end of its parent', () => {
  assert.is(
    edited('<WIM><IMAGE INDEX="2"><NAME>two</NAME><DIRCOUNT/></IMAGE></WIM>'),
    '<WIM><IMAGE INDEX="2"><NAME>two</NAME><DIRCOUNT>11</DIRCOUNT><FILECOUNT>22</FILECOUNT><TOTALBYTES>33</TOTALBYTES>' +
      `<HARDLINKBYTES>44</HARDLINKBYTES>${NEW_TIME}</IMAGE><TOTALBYTES>5555</TOTALBYTES></WIM>`,
  );
});

test('only the built image, as image 1', () => {
  const text = edited(`<WIM><TOTALBYTES>1</TOTALBYTES>${FIRST}<IMAGE A="INDEX=" INDEX="2"><NAME>two</NAME></IMAGE></WIM>`, {
    images: 'built',
  });
  assert.ok(text.startsWith('<WIM><TOTALBYTES>5555</TOTALBYTES><IMAGE A="INDEX=" INDEX="1"><NAME>two</NAME>'), text);
  assert.not.match(text, 'one');
  const [image, ...others] = parseWimXml(utf16Bytes(`\ufeff${text}`));
  assert.is(image!.name, 'two');
  assert.equal(others, []);
  assert.equal([image!.folders, image!.files, image!.bytes], [11, 22, 33]);
});

test('INDEX inside another attribute or a comment is not taken for the index', () => {
  const text = edited(`<WIM><!--<IMAGE INDEX="2">--><IMAGE NOTE="INDEX='7'" INDEX="2"><NAME>n</NAME></IMAGE></WIM>`, { images: 'built' });
  assert.ok(text.startsWith(`<WIM><!--<IMAGE INDEX="2">--><IMAGE NOTE="INDEX='7'" INDEX="1">`), text);
});

test('lone surrogates and a NUL at the end stay', () => {
  const text = edited('<WIM><IMAGE INDEX="2"><NAME>\ud800x</NAME></IMAGE></WIM>\0');
  assert.ok(text.includes('<NAME>\ud800x</NAME>'));
  assert.ok(text.endsWith('</WIM>\0'));
});

test('bad XML is a FormatError', () => {
  for (const text of [
    '',
    'no xml',
    '<WIM>',
    '<WIM/>',
    '<WIM><IMAGE INDEX="1"><NAME/></IMAGE></WIM>',
    '<WIM><IMAGE INDEX="2"/></WIM>',
    '<WIM><IMAGE><NAME/></IMAGE></WIM>',
    '<WIM><IMAGE INDEX="2"><NAME/></IMAGE><IMAGE INDEX="2"><NAME/></IMAGE></WIM>',
    '<OTHER><IMAGE INDEX="2"><NAME/></IMAGE></OTHER>',
    '<WIM><IMAGE INDEX="2"><NAME></IMAGE></WIM>',
  ]) {
    assert.throws(
      () => edited(text),
      (error: unknown) => error instanceof FormatError,
      text,
    );
  }
});

test.run();
