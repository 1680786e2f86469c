// Shell links: made ones with every part, one that another writer made, damaged ones.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { isShellLink, LINK_MAX_BYTES, parseShellLink } from '../../../formats/shell-link/parse.ts';
import { survives } from '../../helpers/damage.ts';
import { makeLink } from '../../helpers/make-link.ts';

const FULL = {
  items: 'C:\\Windows\\Long folder name\\start.cmd',
  local: 'C:\\local\\a.exe',
  expandable: '%windir%\\a.exe',
  name: 'Ein Verweis über etwas',
  relative: '..\\a.exe',
  folder: 'C:\\work',
  arguments: '/c slmgr.vbs /ato',
  icon: 'shell32.dll',
};

/** Written by the WScript.Shell of wine: CreateShortcut, Save. */
const BY_WINE = `TAAAAAEUAgAAAAAAwAAAAAAAAEb3AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADAAAAAQAAAAAAAAAAAAAAAAAAAOcAFAAfAOBP0CDqOmkQ
otgIACswMJ0ZACNDOlwAAAAAAAAAAAAAAAAAAAAAAAAAPAAxAAAAAAB5XfSeEAB3aW5kb3dzACYAAAAAAAAAeV30nnld9Z4AAAAAdwBpAG4AZABvAHcAcwAAABYA
QAAxAAAAAAB5XfSeEABzeXN0ZW0zMgAAKAAAAAAAAAB5XfSeeV30ngAAAABzAHkAcwB0AGUAbQAzADIAAAAYADwAMgAAAAAAAAAAAAAAY21kLmV4ZQAmAAAAAAAA
AAAAAAAAAAAAAAAAAGMAbQBkAC4AZQB4AGUAAAAWAAAASgAAABwAAAABAAAAHAAAAC0AAAAAAAAASQAAABEAAAADAAAAAAAAQxAAAAAAQzpcd2luZG93c1xzeXN0
ZW0zMlxjbWQuZXhlAAAHAEEAIAB0AGUAcwB0AAAACwBDADoAXAB3AGkAbgBkAG8AdwBzAAAAEgAvAGMAIABzAGwAbQBnAHIALgB2AGIAcwAgAC8AYQB0AG8AAAAg
AEMAOgBcAHcAaQBuAGQAbwB3AHMAXABzAHkAcwB0AGUAbQAzADIAXABzAGgAZQBsAGwAMwAyAC4AZABsAGwAAAAAAAAA`;

test('every part of a full link', () => {
  assert.equal(parseShellLink(makeLink(FULL)), {
    itemPath: FULL.items,
    localPath: FULL.local,
    expandable: FULL.expandable,
    relativePath: FULL.relative,
    name: FULL.name,
    workingFolder: FULL.folder,
    arguments: FULL.arguments,
    icon: FULL.icon,
  });
});

test('a link of which only the arguments are there, in 8 bits', () => {
  const link = parseShellLink(makeLink({ arguments: '/c start', narrow: true }));
  assert.is(link.arguments, '/c start');
  assert.is(link.itemPath, undefined);
});

test('a link that another program wrote', () => {
  const link = parseShellLink(new Uint8Array(Buffer.from(BY_WINE, 'base64')));
  assert.is(link.itemPath, 'C:\\windows\\system32\\cmd.exe');
  assert.is(link.localPath, 'C:\\windows\\system32\\cmd.exe');
  assert.is(link.arguments, '/c slmgr.vbs /ato');
  assert.is(link.workingFolder, 'C:\\windows');
});

test('what is none, what is too large, and a list of items that makes no sense', () => {
  assert.is(isShellLink(new Uint8Array(80)), false);
  assert.throws(() => parseShellLink(new Uint8Array(80)), /no shell link header/);
  assert.throws(() => parseShellLink(new Uint8Array(LINK_MAX_BYTES + 1)), /too large/);
  const link = makeLink({ items: 'C:\\a' });
  link[0x4e] = 1;
  assert.throws(() => parseShellLink(link), /makes no sense/);
});

test('damaged links give a link or a FormatError', () => {
  survives(makeLink(FULL), parseShellLink, FormatError, 1000);
  survives(new Uint8Array(Buffer.from(BY_WINE, 'base64')), parseShellLink, FormatError, 500);
});

test.run();
