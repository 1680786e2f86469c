// Lists of an answer file: their items, actions and nesting.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { elementsOf } from '../../formats/xml/tree.ts';
import { actionOf, isListItem, listFacts, listsBelow } from '../../unattend/list-items.ts';
import { componentsOf, parseAnswerFile } from '../../unattend/model.ts';
import { answer } from '../helpers/answer-xml.ts';

const top = (settings: string) => componentsOf(parseAnswerFile(Buffer.from(answer(settings))))[0]!.element;

test('the action counts in its namespace only, whatever the prefix', () => {
  const [a, b, c] = elementsOf(
    top('<A wcm:action="add"/><A action="add"/><A xmlns:x="http://schemas.microsoft.com/WMIConfig/2002/State" x:action="remove"/>'),
  );
  assert.equal(
    [a, b, c].map((element) => actionOf(element!)),
    ['add', undefined, 'remove'],
  );
  assert.equal(
    [a, b, c].map((element) => isListItem(element!)),
    [true, false, true],
  );
});

test('lists stand by parent and name, outer ones first', () => {
  const element = top(
    `<Disks><Disk><CreatePartitions><CreatePartition/><createPartition/></CreatePartitions></Disk><Disk/></Disks><Plain/>`,
  );
  assert.equal(
    listsBelow(element).map(({ name, items, ordered }) => [name, items.length, ordered]),
    [
      ['Disk', 2, false],
      ['CreatePartition', 2, true],
    ],
  );
});

test('one table says what tells items apart, and which lists are numbered', () => {
  assert.equal(listFacts('LOCALACCOUNT'), { key: 'Name' });
  assert.equal(listFacts('SynchronousCommand'), { key: 'CommandLine', ordered: true });
  assert.equal([listFacts('constructor'), listFacts('OOBE')], [undefined, undefined]);
  // Written without wcm:action in the samples: its absence is no fault.
  const [user] = elementsOf(top('<User/>'));
  assert.is(isListItem(user!), false);
});

test.run();
