// Counting the items of a list anew.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseXml } from '../../formats/xml/parse.ts';
import { renderNode } from '../../formats/xml/render.ts';
import { elementsOf } from '../../formats/xml/tree.ts';
import { withOrder } from '../../unattend/merge-order.ts';
import { Provenance } from '../../unattend/provenance.ts';

/** Counts a list of items with these numbers, of which the last ones were added. */
function counted(name: string, numbers: readonly string[], added: number): readonly string[] {
  const items = numbers.map((number) => (number === '' ? `<${name}/>` : `<${name}><Order>${number}</Order></${name}>`));
  const { root } = parseXml(new TextEncoder().encode(`<L>${items.join('')}</L>`));
  const list = withOrder(root, elementsOf(root).slice(numbers.length - added), new Provenance());
  return elementsOf(list).map((item) => /\d+/.exec(renderNode(item))?.[0] ?? '');
}

test('first the items that were there by their numbers, then the added ones by theirs', () => {
  assert.equal(counted('SynchronousCommand', ['30', '10', '2', '1'], 2), ['2', '1', '4', '3']);
  assert.equal(counted('SynchronousCommand', ['1', '1', '1'], 1), ['1', '2', '3']);
  assert.equal(counted('SynchronousCommand', ['x9', '5', '7'], 1), ['2', '1', '3']);
});

test('a list that got nothing, has no numbers or goes by them stays as it is', () => {
  assert.equal(counted('SynchronousCommand', ['30', '10'], 0), ['30', '10']);
  assert.equal(counted('Path', ['', ''], 1), ['', '']);
  assert.equal(counted('CreatePartition', ['3', '7'], 1), ['3', '7']);
});

test('an item that needs no other number is the same object', () => {
  const { root } = parseXml(new TextEncoder().encode('<L><C><Order>1</Order></C><C><Order>9</Order></C></L>'));
  const [first, second] = elementsOf(root);
  const after = elementsOf(withOrder(root, [second!], new Provenance()));
  assert.is(after[0], first);
  assert.is.not(after[1], second);
});

test.run();
