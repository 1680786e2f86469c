// Looking into a tree, and the nodes that we make.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attributeOf, childOf, elementsOf, textOf, xmlAttribute, xmlElement, xmlText } from '../../../formats/xml/tree.ts';

const tree = xmlElement(
  'p:a',
  'urn:a',
  [xmlAttribute('x', '1'), xmlAttribute('w:y', '2', 'urn:w')],
  [
    xmlText('one '),
    xmlElement('p:b', 'urn:a', [], [xmlText('inner')]),
    { kind: 'comment', text: 'not text', at: undefined },
    { kind: 'cdata', text: '<two>', at: undefined },
    xmlElement('p:b', 'urn:a'),
  ],
);

test('a made node knows its local name and has no place', () => {
  assert.equal([tree.name, tree.local, tree.namespace, tree.at], ['p:a', 'a', 'urn:a', undefined]);
  assert.equal(tree.attributes[1], { name: 'w:y', local: 'y', namespace: 'urn:w', value: '2' });
});

test('finds elements, text and attributes', () => {
  assert.is(elementsOf(tree).length, 2);
  assert.is(textOf(childOf(tree, 'b')!), 'inner');
  assert.is(childOf(tree, 'p:b'), undefined);
  assert.is(textOf(tree), 'one <two>');
  assert.equal([attributeOf(tree, 'w:y'), attributeOf(tree, 'y')], ['2', undefined]);
});

test.run();
