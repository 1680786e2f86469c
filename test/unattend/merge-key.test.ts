// Identity of passes, components and list items.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseXml } from '../../formats/xml/parse.ts';
import { elementsOf } from '../../formats/xml/tree.ts';
import { actionOf } from '../../unattend/list-items.ts';
import { childNamed, contentOf, isFrame, isSettled, keyed, orderIsKey, repeatedGroups } from '../../unattend/merge-key.ts';

const list = (items: string) =>
  parseXml(new TextEncoder().encode(`<L xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">${items}</L>`)).root;
const keys = (items: string, depth = 3) => keyed(list(items), depth, repeatedGroups([list(items)])).map(({ key }) => key);
const labels = (items: string) => keyed(list(items), 3, repeatedGroups([list(items)])).map(({ label }) => label);

test('an item goes by wcm:keyValue, by its setting, by Key, or by all that it says', () => {
  assert.equal(labels('<FirewallGroup wcm:keyValue="g"><Group>x</Group></FirewallGroup><FirewallGroup><Group>x</Group></FirewallGroup>'), [
    'g',
    'Group=x',
  ]);
  assert.equal(labels('<Odd wcm:action="add"><Key>k</Key></Odd><Odd wcm:action="add"><Other>k</Other></Odd>'), ['Key=k', '2']);
  const [one, two] = keys('<Odd wcm:action="add"><Order>1</Order><A>1</A></Odd><Odd wcm:action="add"><Order>2</Order><A>2</A></Odd>');
  assert.not.equal(one, two);
  assert.is(keys('<Odd wcm:action="add"><Order>9</Order><A>1</A></Odd>')[0], one);
});

test('a command is compared with its case and never becomes a label', () => {
  const command = (line: string) => `<SynchronousCommand><CommandLine>${line}</CommandLine></SynchronousCommand>`;
  assert.is(new Set(keys(command('a') + command('A') + command('a'))).size, 3);
  assert.equal(labels(command('net user bob geheim')), ['1']);
  const account = (name: string) => `<LocalAccount><Name>${name}</Name></LocalAccount>`;
  assert.is(keys(account('Bob'))[0], keys(account('bob'))[0]);
});

test('a setting that is no item has one key, a group that is repeated has one for each', () => {
  assert.is(new Set(keys('<A>1</A><a>2</a>')).size, 1);
  assert.is(new Set(keys('<A><B>1</B></A><A><B>2</B></A>')).size, 2);
});

test('only passes and components are frames', () => {
  const [settings, servicing, component] = elementsOf(list('<settings pass="x"/><servicing><p/></servicing><component name="c"/>'));
  assert.equal([isFrame(settings!, 0), isFrame(servicing!, 0), isFrame(component!, 1), isFrame(settings!, 1)], [true, false, true, false]);
  assert.is(new Set(keys('<settings pass="x"/><settings pass="X "/>', 0)).size, 1);
  assert.is(
    new Set(keys('<component name="c"/><component name="C" language="neutral"/><component name="c" language="de-DE"/>', 1)).size,
    2,
  );
});

test('content leaves blanks, prefixes and wcm:action out, unless it shall be exact', () => {
  const content = (items: string, exact = false) => contentOf(list(items), { exact });
  assert.is(content('<A> x </A>\n<B/>'), content('<A>x</A><B></B>'));
  assert.not.equal(content('<A> x </A>', true), content('<A>x</A>', true));
  assert.is(content('<A wcm:action="add">x</A>'), content('<A>x</A>'));
  assert.not.equal(content('<A wcm:keyValue="1">x</A>'), content('<A>x</A>'));
  assert.not.equal(content('<A>&lt;B></A>'), content('<A><B/></A>'));
});

test('small questions', () => {
  const [item, partition] = elementsOf(
    list('<LocalAccount wcm:action="remove"><name>x</name><Order>1</Order><Group>g</Group></LocalAccount><CreatePartition/>'),
  );
  assert.is(actionOf(item!), 'remove');
  assert.is(childNamed(item!, 'Name')!.local, 'name');
  assert.is(childNamed(item!, 'Path'), undefined);
  assert.equal([orderIsKey(item!), orderIsKey(partition!)], [false, true]);
  assert.equal(
    elementsOf(item!).map((setting) => isSettled(item!, setting)),
    [true, true, false],
  );
});

test.run();
