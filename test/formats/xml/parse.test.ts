// The XML tree: order, places, encodings, and what is refused.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseXml, XML_MAX_DEPTH } from '../../../formats/xml/parse.ts';
import { renderXml } from '../../../formats/xml/render.ts';
import { attributeOf, childOf, elementsOf, textOf, type XmlDocument } from '../../../formats/xml/tree.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const refused = (given: string | Uint8Array, pattern: RegExp) =>
  assert.throws(
    () => parseXml(typeof given === 'string' ? utf8(given) : given),
    (error: unknown) => error instanceof FormatError && pattern.test(error.message),
  );

test('keeps elements, attributes, text, comments, CDATA and instructions in order, with their places', () => {
  const { root, before, after } = parseXml(
    utf8(
      '<?xml version="1.0"?>\n<!-- top -->\n<a x="1"\n   y="&lt;2">t&amp;<!--c--><b/>\n  tail<![CDATA[<raw>]]><?p q?></a>\n<!-- end -->',
    ),
  );
  assert.equal(
    before.map((node) => node.kind),
    ['instruction', 'text', 'comment', 'text'],
  );
  assert.equal(root.at, { line: 3, column: 1 });
  assert.equal([attributeOf(root, 'x'), attributeOf(root, 'y')], ['1', '<2']);
  assert.equal(
    root.children.map((node) => [node.kind, 'text' in node ? node.text : node.name, node.at?.line, node.at?.column]),
    [
      ['text', 't&', 4, 14],
      ['comment', 'c', 4, 20],
      ['element', 'b', 4, 28],
      ['text', '\n  tail', 4, 32],
      ['cdata', '<raw>', 5, 7],
      ['instruction', 'q', 5, 24],
    ],
  );
  assert.is(textOf(root), 't&\n  tail<raw>');
  assert.is(after.at(-1)?.kind, 'comment');
});

test('resolves namespaces and keeps the prefixes as written', () => {
  const { root } = parseXml(utf8('<u xmlns="urn:a" xmlns:w="urn:w"><c w:action="add"/></u>'));
  const child = childOf(root, 'c')!;
  assert.equal(
    [root.namespace, child.namespace, child.attributes[0]],
    ['urn:a', 'urn:a', { name: 'w:action', local: 'action', namespace: 'urn:w', value: 'add' }],
  );
});

test('takes comments, text and values longer than what the parser gets at once', () => {
  const long = 'x'.repeat(200_000);
  const { root, before } = parseXml(utf8(`<!--${long}--><a b="${long}">${long}<![CDATA[${long}]]>\n<c/></a>`));
  assert.is((before[0] as { text: string }).text, long);
  assert.is(attributeOf(root, 'b'), long);
  assert.is(textOf(root), `${long}${long}\n`);
  assert.equal(childOf(root, 'c')!.at, { line: 2, column: 1 });
});

test('refuses what is not XML, or not for us, with its line', () => {
  refused('', /no root element/);
  refused('just words', /line 1, column 1: /);
  refused('<a>\n<b></a>', /line 2, column \d+: has an end tag that closes no open element/);
  refused('<a></a><b/>', /second root element/);
  refused('<a></a>text', /text behind its root element/);
  refused('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /line 1, column 1: has a DTD/);
  refused('<a>&x;</a>', /entity/);
  refused('<a>&#x110000;</a>', /character/);
  refused('<a b="1" b="2"/>', /attribute b twice/);
  refused('<a w:b="1"/>', /unbound namespace prefix/);
  refused(' <?xml version="1.0"?><a/>', /not at its start/);
  refused('<a>\u0001</a>', /does not allow/);
  refused('<a>'.repeat(XML_MAX_DEPTH + 1), /deeper than 100/);
  refused('<a>'.repeat(10_000), /deeper than 100/);
  refused(`<a>${'<b/>'.repeat(400_001)}</a>`, /more than 400000 nodes/);
  refused(`<a ${Array.from({ length: 257 }, (_, at) => `b${at}=""`).join(' ')}/>`, /more than 256 attributes/);
  refused(
    `<a ${Array.from({ length: 300_000 }, (_, at) => `b${at}=""`).join(' ')}/>`,
    /line 1, column 1: has an element with more than 256/,
  );
  refused(new Uint8Array(17 * 1024 * 1024), /too large/);
});

needTools(test, { xmllint: 'libxml2-utils' })(
  'accepts and refuses the same real answer files as xmllint, and gives them back unchanged',
  () => {
    const folder = join(realData, 'unattend');
    let read = 0;
    for (const name of readdirSync(folder)) {
      const bytes = new Uint8Array(readFileSync(join(folder, name)));
      const judged = spawnSync('xmllint', ['--noout', join(folder, name)]).status === 0;
      let document: XmlDocument;
      try {
        document = parseXml(bytes);
      } catch (error) {
        assert.instance(error, FormatError);
        assert.not(judged, `${name}: ${(error as Error).message}`);
        continue;
      }
      assert.ok(judged, `${name} must be refused`);
      read++;
      assert.equal(withoutPlaces(parseXml(renderXml(document))), withoutPlaces(document), name);
    }
    assert.ok(read > 50);
  },
);

needRealData(test)('counts every element of a real task file', () => {
  const bytes = new Uint8Array(readFileSync(join(realData, 'tasks/permissive/OrbintSoft__Resync Time.xml')));
  const { root, encoding } = parseXml(bytes);
  assert.is(encoding, 'utf-16le');
  assert.equal(
    elementsOf(root).map((element) => element.local),
    ['RegistrationInfo', 'Triggers', 'Principals', 'Settings', 'Actions'],
  );
});

test('mutated and cut input is read or refused, never worse', () => {
  const seed = utf8(
    '<?xml version="1.0" encoding="utf-8"?><!-- c --><u xmlns="urn:a" xmlns:w="urn:w"><c w:x="&#65;">t<![CDATA[d]]></c><?p q?></u>',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(seed.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      fc.nat(seed.length),
      (edits, cut) => {
        const bytes = seed.slice(0, cut);
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        try {
          parseXml(bytes);
        } catch (error) {
          assert.instance(error, FormatError);
        }
      },
    ),
    { numRuns: 400 },
  );
});

function withoutPlaces(document: XmlDocument): unknown {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === 'at' ? undefined : value)));
}

test('the faults that people make are said in their words, with line and column', () => {
  for (const [text, words] of [
    ['<a>\n b & c</a>', /line 2, column \d+: has a bare "&", which must be written &amp;/],
    ['<a>&copy;</a>', /an entity or character reference that XML does not know/],
    ['<a b=c/>', /an attribute value without quotes/],
    ['<a><b></a>', /an end tag that closes no open element/],
    ['<a><b></b>', /ends before its elements are closed/],
    ['{{ template }}<a/>', /text before its first element/],
    ['<a/>text', /text behind its root element/],
    ['<a b="x"y"/>', /two attributes without a space/],
    ['<a <b/>', /something in a tag that is no attribute/],
    ['<a>1 < 2</a>', /a bare "<", which must be written &lt;/],
    ['<a><!-- x -- y --></a>', /a comment that holds "--"/],
  ] as const) {
    assert.throws(() => parseXml(Buffer.from(text)), words, text);
  }
});

test.run();
