// The tree as text: escapes, and parse, render, parse as the identity.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseXml } from '../../../formats/xml/parse.ts';
import { escapeText, renderNode, renderXml } from '../../../formats/xml/render.ts';
import { textOf, type XmlDocument, type XmlNode, xmlAttribute, xmlElement, xmlText } from '../../../formats/xml/tree.ts';

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
