// The frame of SARIF logs: valid on its own, markup of messages kept apart from placeholders, addresses spelt as URIs.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sarifLog, uriSegment } from '../../report/sarif-log.ts';
import { sarifFaults } from '../helpers/sarif-schema.ts';

const rule = { id: 'a/b', title: 'T', description: 'one\ntwo\n\nthree', severity: 'note', messages: { m: 'the {name}' } } as const;

test('a log with a rule and no result is valid; our placeholders are not those of SARIF', () => {
  const log = JSON.stringify(sarifLog({ name: 'x', version: '1.0.0' }, [rule], { results: [] }));
  assert.equal(sarifFaults(log), []);
  const [described] = JSON.parse(log).runs[0].tool.driver.rules;
  assert.equal(described.messageStrings, { m: { text: 'the {{name}}' } });
  assert.is(described.fullDescription.text, 'one two');
  assert.equal(described.properties.tags, ['a']);
});

test('segments are encoded, what has no encoding is replaced', () => {
  assert.is(uriSegment("a b(1)'%.xml"), 'a%20b%281%29%27%25.xml');
  assert.is(uriSegment('\ud800'), '%EF%BF%BD');
});

test.run();
