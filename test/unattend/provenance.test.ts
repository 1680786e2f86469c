// Places of nodes by node: the first mark counts, and a node made of another inherits its place.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseXml } from '../../formats/xml/parse.ts';
import { elementsOf, xmlElement } from '../../formats/xml/tree.ts';
import { Provenance, placeText } from '../../unattend/provenance.ts';

test('marks every node below, and keeps the first name', () => {
  const provenance = new Provenance();
  const { root } = parseXml(new TextEncoder().encode('<a>\n <b/><!-- c --></a>'));
  provenance.mark('one.xml', [root]);
  provenance.mark('two.xml', [root]);
  assert.equal(
    root.children.map((node) => placeText(provenance.of(node))),
    ['one.xml:1:4', 'one.xml:2:2', 'one.xml:2:6'],
  );
  const [b] = elementsOf(root);
  const made = provenance.carry(b!, xmlElement('b2', ''));
  assert.equal(provenance.of(made), { name: 'one.xml', line: 2, column: 2 });
});

test('a made node has a name and no line, an unknown one nothing', () => {
  const provenance = new Provenance();
  const made = xmlElement('a', '');
  provenance.mark('the step', [made]);
  assert.is(placeText(provenance.of(made)), 'the step');
  const stranger = provenance.carry(xmlElement('x', ''), xmlElement('y', ''));
  assert.is(provenance.of(stranger), undefined);
  assert.is(placeText(undefined), '(unknown)');
});

test.run();
