// The rule activation/licensing-signature: deltas and namesakes; unsigned, changed, foreign and broken signatures, catalogues, roots of the registry.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import { peDigest } from '../../../formats/authenticode/digest.ts';
import { MICROSOFT_ROOTS } from '../../../formats/authenticode/verify.ts';
import { parsePe } from '../../../formats/pe/facts.ts';
import { licensingSignature } from '../../../rules/activation/licensing-signature.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { makePe } from '../../helpers/make-pe.ts';
import { makeAuthority, makeCatalog, signedData } from '../../helpers/make-signature.ts';
import { needTools } from '../../helpers/need.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const COMPONENT = 'amd64_microsoft-windows-security-spp_31bf3856ad364e35_10.0.19041.1_none_00112233aabbccdd';
const STORE = `/Windows/WinSxS/${COMPONENT}`;
const SYSTEM = '/Windows/System32';
const CATALOG = `${SYSTEM}/CatRoot/{F750E6C3-38EE-11D1-85E5-00C04FC295EE}/a.cat`;
const plain = makePe({ version: { CompanyName: 'Microsoft Corporation' }, data: 'x'.repeat(400) });
const digest = (name: 'sha1' | 'sha256') => Buffer.from(peDigest(plain, parsePe(plain), name)).toString('hex');
const at = (file: string) => ({ file });

const ready = needTools(test, { osslsigncode: 'osslsigncode', openssl: 'openssl' });
if (ready === (test as unknown)) await withScratch(async (folder) => cases(folder));

function cases(folder: string): void {
  const authority = makeAuthority(folder);
  // Nobody but Microsoft has a key of Microsoft's: a root of the test stands for one.
  const microsoftFolder = join(folder, 'microsoft');
  mkdirSync(microsoftFolder);
  const microsoft = makeAuthority(microsoftFolder, 'Microsoft Windows');
  (MICROSOFT_ROOTS as Map<string, string>).set(microsoft.rootThumbprint, 'stands for a root of Microsoft');
  const otherFolder = join(folder, 'other');
  mkdirSync(otherFolder);
  const publisher = makeAuthority(otherFolder, 'Some Publisher');
  (MICROSOFT_ROOTS as Map<string, string>).set(publisher.rootThumbprint, 'stands for a root of Microsoft');
  const sign = (...more: readonly string[]) => signIn(folder, ...more);
  const signIn = (where: string, ...more: readonly string[]) => {
    const [from, to] = [join(where, 'in.exe'), join(where, `out${more.length}.exe`)];
    writeFileSync(from, plain);
    const args = ['sign', '-certs', 'signer.pem', ...more, '-key', 'signer.key', '-h', 'sha256', '-in', from, '-out', to];
    execFileSync('osslsigncode', args, { cwd: where, stdio: 'ignore' });
    return new Uint8Array(readFileSync(to));
  };
  const [signed, withoutRoot] = [sign('-ac', 'root.pem'), sign()];
  const damaged = (content: Uint8Array, where: number) => {
    const copy = content.slice();
    copy[where]! ^= 1;
    return copy;
  };
  const alike = (count: number) =>
    Array.from({ length: count }, (_, at) => `${digest('sha256').slice(0, 12)}${String(at).padStart(52, '0')}`);
  const certificates = parsePe(signed).certificates[0]!.offset;
  const catalog = makeCatalog(authority, ['ab'.repeat(20), digest('sha256')]);
  /** As the registry keeps it: a property that says something else, then the certificate. */
  const blob = Buffer.concat([
    ...([[3, Buffer.alloc(20, 9)] as const, [32, authority.root] as const] as const).map(([kind, data]) => {
      const head = Buffer.alloc(12);
      head.writeUInt32LE(kind, 0);
      head.writeUInt32LE(1, 4);
      head.writeUInt32LE(data.length, 8);
      return Buffer.concat([head, data]);
    }),
  ]);
  const roots = (store: string) => ({ [`Microsoft\\SystemCertificates\\${store}\\Certificates\\AA`]: { Blob: new Uint8Array(blob) } });
  const held = (content: Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}) => ({
    SOFTWARE: {},
    files: { [`${SYSTEM}/sppc.dll`]: content, ...more },
  });

  ruleTester(licensingSignature, {
    good: [
      {
        name: 'deltas of servicing, empty files, files that are no program',
        image: {
          SOFTWARE: {},
          files: { [`${STORE}/sppc.dll`]: new Uint8Array(Buffer.from('\x01\x02\x03\x04PA30 x', 'latin1')), [`${SYSTEM}/slc.dll`]: '' },
        },
      },
      {
        name: 'signed by Microsoft: in itself, and by one of two catalogues that list it',
        image: held(signIn(microsoftFolder, '-ac', 'root.pem'), {
          '/Windows/SysWOW64/sppc.dll': plain,
          [CATALOG]: makeCatalog(microsoft, [digest('sha256')]),
          [CATALOG.replace('a.cat', 'b.cat')]: catalog,
        }),
      },
      {
        name: 'libraries of other names, and in other folders, and folders of such names',
        image: {
          SOFTWARE: {},
          files: {
            [`${SYSTEM}/kernel32.dll`]: plain,
            '/Program Files/wine/sppc.dll': plain,
            [CATALOG]: catalog,
            [`${SYSTEM}/clipc.dll`]: { folder: true },
            [CATALOG.replace('a.cat', 'b.cat')]: { folder: true },
          },
        },
      },
    ],
    bad: [
      {
        name: 'a library without a signature that no catalogue lists',
        image: held(plain, {
          [CATALOG]: makeCatalog(authority, ['ab'.repeat(32)]),
          [CATALOG.replace('a.cat', 'cut.cat')]: new Uint8Array([0x30, 0x05, 0x04, 0x20, 1]),
        }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), severity: 'warning', says: 'no catalogue lists it' }],
      },
      {
        name: 'the same as its copy in the component store: a note',
        image: {
          SOFTWARE: {},
          files: {
            '/Windows/SysWOW64/SppExtComObj.exe': { content: plain },
            [`${STORE}/SppExtComObj.exe`]: plain,
            [`/Windows/WinSxS/Manifests/${COMPONENT}.manifest`]: '',
          },
        },
        findings: [
          { messageId: 'unproved', at: at('/Windows/SysWOW64/SppExtComObj.exe'), severity: 'note' },
          { messageId: 'unproved', at: at(`${STORE}/SppExtComObj.exe`), severity: 'note' },
        ],
      },
      {
        name: 'signed by somebody else',
        image: held(signed),
        findings: [{ messageId: 'foreign', at: at(`${SYSTEM}/sppc.dll`), says: 'Test Signer' }],
      },
      {
        name: 'signed, then changed; and with a signature that is of another key',
        image: { SOFTWARE: {}, files: { [`${SYSTEM}/sppc.dll`]: damaged(signed, 0x500), [`${SYSTEM}/slc.dll`]: damagedKey() } },
        findings: [
          { messageId: 'changed', at: at(`${SYSTEM}/sppc.dll`) },
          { messageId: 'changed', at: at(`${SYSTEM}/slc.dll`) },
        ],
      },
      {
        name: 'certificates that end before a root',
        image: held(withoutRoot),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'of Test Signer end before a root' }],
      },
      ...['ROOT', 'AuthRoot'].map((store) => ({
        name: `the same with its root in the registry (${store})`,
        image: { ...held(withoutRoot), SOFTWARE: roots(store) },
        findings: [{ messageId: 'foreign' as const, at: at(`${SYSTEM}/sppc.dll`) }],
      })),
      ...(['sha1', 'sha256'] as const).map((name) => ({
        name: `listed by a catalogue of somebody else (${name})`,
        image: held(plain, { [CATALOG]: makeCatalog(authority, ['cd'.repeat(20), digest(name)]) }),
        findings: [
          { messageId: 'unproved' as const, at: at(`${SYSTEM}/sppc.dll`), says: 'a.cat lists it, which is signed by Test Signer' },
        ],
      })),
      {
        name: 'listed by the second of two catalogues with digests that begin alike',
        image: held(plain, {
          [CATALOG]: makeCatalog(authority, [digest('sha256').slice(0, 12).padEnd(64, '0')]),
          [CATALOG.replace('a.cat', 'b.cat')]: makeCatalog(authority, [digest('sha256')]),
        }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'b.cat lists it' }],
      },
      {
        name: 'listed by a catalogue behind one with many digests that begin alike',
        image: held(plain, {
          [CATALOG]: makeCatalog(authority, alike(20)),
          [CATALOG.replace('a.cat', 'b.cat')]: makeCatalog(authority, [digest('sha256')]),
        }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'b.cat lists it' }],
      },
      {
        name: 'more catalogues with digests that begin alike than are looked at',
        image: held(plain, {
          ...Object.fromEntries(
            alike(20).map((one, place) => [CATALOG.replace('a.cat', `a${10 + place}.cat`), makeCatalog(authority, [one])]),
          ),
          [CATALOG.replace('a.cat', 'b.cat')]: makeCatalog(authority, [digest('sha256')]),
        }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'no catalogue lists it' }],
      },
      {
        name: 'a signature that is of something else than a file',
        image: held(makePe({ data: 'x', certificates: [signedData(authority, '1.3.6.1.4.1.311.10.1', Buffer.from([4, 1, 7]))] })),
        findings: [{ messageId: 'changed', at: at(`${SYSTEM}/sppc.dll`) }],
      },
      {
        name: 'a root in the registry that is cut off',
        image: {
          ...held(withoutRoot),
          SOFTWARE: { 'Microsoft\\SystemCertificates\\ROOT\\Certificates\\AA': { Blob: new Uint8Array(blob.subarray(0, -1)) } },
        },
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'end before a root' }],
      },
      {
        name: 'signed under a root of Microsoft by somebody who signs no Windows',
        image: held(signIn(otherFolder, '-ac', 'root.pem')),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'Some Publisher signs what is not Windows' }],
      },
      {
        name: 'listed by a catalogue of somebody who signs no Windows',
        image: held(plain, { [CATALOG]: makeCatalog(publisher, [digest('sha256')]) }),
        findings: [
          { messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'proves nothing (Some Publisher signs what is not Windows)' },
        ],
      },
      {
        name: 'catalogues that list more files than are kept',
        image: held(plain, { [CATALOG]: manyDigests(2_000_001) }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`) }],
        unable: 'more than 2000000 files',
      },
      {
        name: 'a catalogue that was changed',
        image: held(plain, { [CATALOG]: damaged(catalog, Buffer.from(catalog).indexOf(Buffer.from('ab'.repeat(20), 'hex'))) }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`), says: 'is not the one that was signed' }],
      },
      {
        name: 'a catalogue that holds the digest and cannot be read',
        image: held(plain, { [CATALOG]: Buffer.concat([Buffer.from([0x30, 0x50, 0x04, 0x20]), Buffer.from(digest('sha256'), 'hex')]) }),
        findings: [{ messageId: 'unproved', at: at(`${SYSTEM}/sppc.dll`) }],
        unable: 'a.cat',
      },
      {
        name: 'a signature that cannot be read',
        image: held(damaged(signed, certificates + 6)),
        findings: [],
        unable: 'sppc.dll',
      },
    ],
  });

  /** The heads of so many digests, each with other bytes behind it. */
  function manyDigests(count: number): Uint8Array {
    const bytes = Buffer.alloc(8 * count);
    for (let at = 0; at < count; at++) {
      bytes.writeUInt16BE(0x0420, 8 * at);
      bytes.writeUIntBE(at, 8 * at + 2, 6);
    }
    return bytes;
  }

  /** The last bytes of the signature stand behind everything that is signed. */
  function damagedKey(): Uint8Array {
    const { offset, size } = parsePe(signed).certificates[0]!;
    const end = Buffer.from(signed.subarray(offset, offset + size))
      .toString('latin1')
      .search(/\0*$/);
    return damaged(signed, offset + end - 20);
  }
}

test.run();
