// A small tree in the shape of Windows with the descriptors, short names, links and streams that real ones have.
import { plainAce, renderDescriptor } from '../../formats/security-descriptor/render.ts';
import type { WimTree } from './make-wim.ts';

export const TRUSTED_INSTALLER = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';
const SYSTEM = 'S-1-5-18';
const ADMINISTRATORS = 'S-1-5-32-544';
const USERS = 'S-1-5-32-545';
const FULL = 0x1f01ff;
const MODIFY = 0x1301bf;
const READ = 0x1200a9;

/** A protected list of allowing entries: [flags, mask, SID]. */
export function descriptorOf(entries: readonly (readonly [number, number, string])[], owner = TRUSTED_INSTALLER): Uint8Array {
  const dacl = entries.map(([flags, mask, sid]) => plainAce(0, flags, mask, sid));
  return renderDescriptor({ control: 0x9400, owner, group: owner, dacl, sacl: undefined });
}

/** C:\ */
const TOP = descriptorOf([
  [0x03, FULL, ADMINISTRATORS],
  [0x03, FULL, SYSTEM],
  [0x03, READ, USERS],
  [0x02, 0x4, 'S-1-5-11'],
  [0x0b, 0xe0010000, 'S-1-5-11'],
]);
/** C:\Windows and its folders */
const SYSTEM_FOLDER = descriptorOf([
  [0x00, FULL, TRUSTED_INSTALLER],
  [0x0a, 0x10000000, TRUSTED_INSTALLER],
  [0x00, MODIFY, SYSTEM],
  [0x0b, 0x10000000, SYSTEM],
  [0x00, MODIFY, ADMINISTRATORS],
  [0x0b, 0x10000000, ADMINISTRATORS],
  [0x00, READ, USERS],
  [0x0b, 0xa0000000, USERS],
  [0x0b, 0x10000000, 'S-1-3-0'],
]);
/** A file of Windows */
const SYSTEM_FILE = descriptorOf([
  [0, FULL, TRUSTED_INSTALLER],
  [0, READ, SYSTEM],
  [0, READ, ADMINISTRATORS],
  [0, READ, USERS],
]);

export const MARKER = 'PLANTED-MARKER-THAT-MUST-GO-0451';

/** The mount-point data of a junction to C:\Users, as NTFS stores it behind the 8-byte head. */
const JUNCTION = ((): Uint8Array => {
  const substitute = Buffer.from('\\??\\C:\\Users', 'utf16le');
  const print = Buffer.from('C:\\Users', 'utf16le');
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0, 0);
  head.writeUInt16LE(substitute.length, 2);
  head.writeUInt16LE(substitute.length + 2, 4);
  head.writeUInt16LE(print.length, 6);
  return Buffer.concat([head, substitute, Buffer.alloc(2), print, Buffer.alloc(2)]);
})();

export function windowsTree(): WimTree {
  const folder = { folder: true, descriptor: SYSTEM_FOLDER };
  const file = (content: string) => ({ content, descriptor: SYSTEM_FILE });
  return {
    '/': { folder: true, descriptor: TOP },
    '/Users': { folder: true, descriptor: TOP },
    '/Documents and Settings': {
      folder: true,
      descriptor: TOP,
      attributes: 0x16,
      shortName: 'DOCUME~1',
      reparse: { tag: 0xa0000003, data: JUNCTION },
    },
    '/Windows': folder,
    '/Windows/System32': folder,
    '/Windows/System32/config': folder,
    '/Windows/System32/config/SOFTWARE': { ...file(`regf ${MARKER}`), attributes: 0x20 },
    '/Windows/System32/kernel32.dll': { ...file('MZ kernel'), linkGroup: 1 },
    '/Windows/System32/drivers': folder,
    '/Windows/System32/drivers/etc': folder,
    '/Windows/System32/drivers/etc/hosts': {
      ...file('127.0.0.1'),
      attributes: 0x21,
      streams: { 'Zone.Identifier': '[ZoneTransfer]\r\nZoneId=3' },
    },
    '/Windows/WinSxS': folder,
    '/Windows/WinSxS/amd64_kernel32': { ...folder, shortName: 'AMD64_~1' },
    '/Windows/WinSxS/amd64_kernel32/kernel32.dll': { ...file('MZ kernel'), linkGroup: 1 },
    '/Windows/Panther': folder,
    '/Windows/Panther/setupact.log': file(`log ${MARKER}`),
    '/Windows/Panther/deeper': folder,
    '/Windows/Panther/deeper/and deeper.log': { ...file(`deep ${MARKER}`), shortName: 'ANDDEE~1.LOG' },
    '/Windows/empty.txt': file(''),
  };
}
