// The command of a link: which of its paths counts, and its arguments.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandOfLink } from '../../../formats/shell-link/command.ts';
import { parseShellLink } from '../../../formats/shell-link/parse.ts';
import { type LinkSpec, makeLink } from '../../helpers/make-link.ts';

const commandOf = (spec: LinkSpec) => commandOfLink(parseShellLink(makeLink(spec)));
const ALL: LinkSpec = { local: 'C:\\a b.exe', items: 'C:\\items.exe', expandable: '%windir%\\c.exe', relative: '..\\d.exe' };

test('the local path counts before the items, these before the path with variables, that before the relative one', () => {
  assert.is(commandOf(ALL), '"C:\\a b.exe"');
  assert.is(commandOf({ items: 'C:\\items.exe', expandable: '%windir%\\c.exe', relative: '..\\d.exe' }), '"C:\\items.exe"');
  assert.is(commandOf({ expandable: '%windir%\\c.exe', relative: '..\\d.exe' }), '"%windir%\\c.exe"');
  assert.is(commandOf({ relative: '..\\d.exe' }), '"..\\d.exe"');
});

test('arguments stand behind the program, and a link to nothing has none', () => {
  assert.is(commandOf({ local: 'C:\\a.exe', arguments: '/s "x y"' }), '"C:\\a.exe" /s "x y"');
  assert.is(commandOf({ arguments: '/s' }), '"" /s');
  assert.is(commandOf({}), '""');
});

test.run();
