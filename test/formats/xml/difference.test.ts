// The difference of two XML trees: a law for any trees, and how nodes are called.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { leavesOf, nodeDifference, type XmlLeafNode } from '../../../formats/xml/difference.ts';
import { parseXml } from '../../../formats/xml/parse.ts';

const leaves = (xml: string) => leavesOf(parseXml(Buffer.from(xml)).root);
const same = (a: XmlLeafNode, b: XmlLeafNode) => a.text === b.text;
const difference = (before: string, after: string) =>
  nodeDifference(leaves(before), leaves(after), same).map(({ at, before: old, after: now }) => [at, old?.text, now?.text]);

test('nodes are called by path, a number only where there are several', () => {
  assert.equal(
    leaves('<t v="1" xmlns="urn:x"><a>1</a><b><c/><c q="2">3</c></b></t>').map(({ at, text }) => [at, text]),
    [
      ['@v', '1'],
      ['a', '1'],
      ['b/c[1]', ''],
      ['b/c[2]/@q', '2'],
      ['b/c[2]', '3'],
    ],
  );
});

test('new, changed and gone nodes', () => {
  assert.equal(difference('<t><a>1</a><b>2</b><c>3</c></t>', '<t><c>4</c><d>5</d><b>2</b></t>'), [
    ['c', '3', '4'],
    ['d', undefined, '5'],
    ['a', '1', undefined],
  ]);
});

test('comments and indentation are no difference', () => {
  assert.equal(difference('<t><a> 1 </a></t>', '<t>\n  <!-- x -->\n  <a>1</a>\n</t>'), []);
});

const tree: fc.Arbitrary<string> = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('', '1', '2')).map(([name, text]) => `<${name}>${text}</${name}>`),
    fc
      .tuple(fc.constantFrom('a', 'b'), fc.array(tie('node') as fc.Arbitrary<string>, { maxLength: 3 }))
      .map(([name, inner]) => `<${name}>${inner.join('')}</${name}>`),
  ),
})).node as fc.Arbitrary<string>;

test('no tree differs from itself, and the way back has the same nodes with both sides changed over', () => {
  fc.assert(
    fc.property(tree, tree, (one, other) => {
      assert.equal(difference(one, one), []);
      const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row.map((cell) => cell ?? null))).sort();
      assert.equal(sorted(difference(one, other)), sorted(difference(other, one).map(([at, before, after]) => [at, after, before])));
    }),
  );
});

test.run();
