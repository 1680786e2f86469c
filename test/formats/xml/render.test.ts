// The tree as text: escapes, and parse, render, parse as the identity.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseXml } from '../../../formats/xml/parse.ts';
import { escapeText, renderNode, renderXml } from '../../../formats/xml/render.ts';
import {
  textOf,
  type XmlDocument,
  type XmlElement,
  type XmlLeaf,
  type XmlNode,
  xmlAttribute,
  xmlElement,
  xmlText,
} from '../../../formats/xml/tree.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

test('escapes what would be read otherwise', () => {
  assert.is(escapeText('a<b>&"\r\n'), 'a&lt;b&gt;&amp;"&#xD;\n');
  assert.is(renderNode(xmlElement('a', '', [xmlAttribute('b', '"\n\t<')])), '<a b="&quot;&#xA;&#x9;&lt;" />');
  assert.is(renderNode(xmlElement('a', '', [], [xmlText(']]>')])), '<a>]]&gt;</a>');
});

test('keeps a carriage return that was written as a reference', () => {
  const document = parseXml(utf8('<a b="x&#10;y">one&#13;two</a>'));
  assert.is(textOf(document.root), 'one\rtwo');
  assert.equal(parseXml(renderXml(document)), { ...document });
});

test('what was parsed comes out byte by byte, whatever its style', () => {
  for (const written of [
    '<a/>',
    ' \n<a></a>\r\n',
    '<a>\r\nb\nc\r</a  >',
    '<a b=\'1\'\r\n  c="&#65;"/>',
    '<a><!----><b>x<!---->y</b><c /></a>',
    '<!----><a/>',
    '<?xml version="1.0"  ?>\n\n<!-- a --> <a/> <!----> \n',
    '<a>&quot;&#x41;<![CDATA[]]>&gt;></a>',
    '<a><?x  y ?></a>',
    '<a/><!-- z -->  ',
  ]) {
    assert.is(new TextDecoder().decode(renderXml(parseXml(utf8(written)))), written);
  }
});

test('what was changed is written anew, and what stands around it is not', () => {
  const document = parseXml(utf8("<a  x='1'>\r\n<b/>\n<c y='2' >&#65;</c></a>"));
  const changed = (children: readonly XmlNode[]) =>
    new TextDecoder().decode(renderXml({ ...document, root: { ...document.root, children } }));
  const [blank, b, line, c] = document.root.children;
  assert.is(
    changed([blank!, { ...(b as XmlElement), children: [xmlText('\n')] }, line!, c!]),
    "<a  x='1'>\r\n<b>\r\n</b>\n<c y='2' >&#65;</c></a>",
  );
  assert.is(changed([{ ...(c as XmlElement), children: [xmlText('B')] }]), "<a  x='1'><c y='2' >B</c></a>");
  assert.is(changed([{ ...(c as XmlElement), children: [] }]), "<a  x='1'><c y='2' ></c></a>");
  const other = { ...(c as XmlElement), attributes: [xmlAttribute('z', '3')], children: [] };
  assert.is(changed([other]), '<a  x=\'1\'><c z="3" /></a>');
  assert.is(changed([{ ...(blank as XmlLeaf), text: 'x' }]), "<a  x='1'>x</a>");
});

const pieces = [
  '<a>',
  '</a>',
  '<a/>',
  "<b c='1'>",
  '</b>',
  'x',
  ' ',
  '\r\n',
  '\n',
  '\r',
  '<!-- d -->',
  '<!---->',
  '<![CDATA[e]]>',
  '<![CDATA[]]>',
  '<?f g?>',
  '&amp;',
  '&#13;',
  '"',
];

test('any text that parses comes out as it was', () => {
  let parsed = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (inner) => {
      const written = `<r>${inner.join('')}</r>`;
      let document: XmlDocument;
      try {
        document = parseXml(utf8(written));
      } catch (error) {
        assert.instance(error, FormatError);
        return;
      }
      parsed++;
      assert.is(new TextDecoder().decode(renderXml(document)), written);
    }),
    { numRuns: 3000 },
  );
  assert.ok(parsed > 200, `${parsed} parsed`);
});

needRealData(test)('every real answer file that parses comes out byte by byte', () => {
  const folder = join(realData, 'unattend');
  let same = 0;
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    let document: XmlDocument;
    try {
      document = parseXml(bytes);
    } catch (error) {
      assert.instance(error, FormatError, name);
      continue;
    }
    assert.ok(bytes.equals(renderXml(document)), name);
    same++;
  }
  assert.ok(same > 50);
});

test('parse, render, parse is the identity for any tree', () => {
  const words = fc.stringMatching(/^[ -~éß\n\r\t]{1,12}$/);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.tuple(
      fc.stringMatching(/^[a-z]{1,4}$/),
      fc.array(words, { maxLength: 2 }),
      fc.array(fc.oneof({ maxDepth: 4 }, words, tie('tree')), { maxLength: 4 }),
    ),
  }));
  const build = (given: unknown): XmlNode => {
    if (typeof given === 'string') return { kind: 'text', text: given, at: undefined };
    const [name, values, children] = given as [string, string[], unknown[]];
    const attributes = values.map((value, at) => ({ name: `a${at}`, local: `a${at}`, namespace: '', value }));
    return { kind: 'element', name, local: name, namespace: '', attributes, children: children.map(build), at: undefined };
  };
  fc.assert(
    fc.property(tree, fc.boolean(), (given, crlf) => {
      const made = {
        encoding: 'utf-8',
        bom: false,
        newline: crlf ? '\r\n' : '\n',
        before: [],
        root: build(given),
        after: [],
      } as unknown as XmlDocument;
      const once = parseXml(renderXml(made));
      assert.equal(withoutPlaces(parseXml(renderXml(once))), withoutPlaces(once));
      assert.equal(renderXml(once), renderXml(made));
    }),
    { numRuns: 150 },
  );
});

function withoutPlaces(document: XmlDocument): unknown {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === 'at' ? undefined : value)));
}

test.run();
