// Archives that programs carry: self-extracting ones, installers, cabinets in resources, and what nobody can open.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../../tools/scratch.ts';
import { makeCab, makeProgram, pack } from '../../helpers/archives.ts';
import { needTools } from '../../helpers/need.ts';
import { lookInside } from '../../helpers/nested-probe.ts';

const sevenZip = needTools(test, { '7zz': '7zip' });

const MEMBERS = { 'unattend.xml': '<x/>', 'tool.bin': 'MARKER'.repeat(100) };

sevenZip('self-extracting archives behind a program, signed and not, whatever the name', async () => {
  for (const type of ['zip', '7z']) {
    const overlay = pack(type, MEMBERS);
    for (const more of [{}, { certificate: Buffer.alloc(900, 1) }]) {
      const { seen, found, opaque } = await lookInside({ '/a/setup.txt': makeProgram({ overlay, ...more }) });
      assert.equal(seen, ['/a/setup.txt!/unattend.xml=<x/>'], type);
      assert.ok(found.includes('/a/setup.txt!tool.bin'), type);
      assert.equal(opaque, [], type);
    }
  }
});

needTools(test, { makensis: 'nsis', '7zz': '7zip' })('an NSIS installer', async () => {
  const installer = await withScratch(async (folder) => {
    mkdirSync(join(folder, 'in'));
    for (const [name, content] of Object.entries(MEMBERS)) writeFileSync(join(folder, 'in', name), content);
    writeFileSync(
      join(folder, 'a.nsi'),
      'OutFile "out.exe"\nSection\nSetOutPath $INSTDIR\nFile in/unattend.xml\nFile in/tool.bin\nSectionEnd\n',
    );
    execFileSync('makensis', ['-V1', join(folder, 'a.nsi')], { cwd: folder });
    return readFileSync(join(folder, 'out.exe'));
  });
  const { seen, found, opaque } = await lookInside({ '/setup.exe': installer });
  assert.equal(seen, ['/setup.exe!/unattend.xml=<x/>']);
  assert.equal(found, ['/setup.exe!tool.bin']);
  assert.equal(opaque, []);
});

sevenZip('a cabinet in the resources', async () => {
  const resources = Buffer.concat([Buffer.alloc(1000), makeCab(MEMBERS), Buffer.alloc(100)]);
  const { seen, found, opaque } = await lookInside({ '/setup.exe': makeProgram({ resources }) });
  assert.equal(seen, ['/setup.exe!/unattend.xml=<x/>']);
  assert.ok(found.includes('/setup.exe!tool.bin'));
  assert.equal(opaque, []);
});

needTools(test, { msibuild: 'msitools', '7zz': '7zip' })('an installer package with a cabinet, and a cabinet alone', async () => {
  const msi = await withScratch(async (folder) => {
    writeFileSync(join(folder, 'a.cab'), makeCab(MEMBERS));
    execFileSync('msibuild', ['out.msi', '-s', 'Name', 'Author', ';1033', '{0A0B0C0D-0000-4000-8000-000000000001}'], { cwd: folder });
    execFileSync('msibuild', ['out.msi', '-a', 'files.cab', 'a.cab'], { cwd: folder });
    return readFileSync(join(folder, 'out.msi'));
  });
  const { seen, opaque } = await lookInside({ '/a.dat': msi, '/b.dat': makeCab(MEMBERS) });
  assert.equal(seen, ['/a.dat!/files.cab!/unattend.xml=<x/>', '/b.dat!/unattend.xml=<x/>']);
  assert.equal(opaque, []);
});

sevenZip('two archives in one program are kept apart', async () => {
  const overlay = Buffer.concat([pack('7z', { 'a.xml': '1' }), Buffer.alloc(100), pack('7z', { 'a.xml': '2' })]);
  const { seen, opaque } = await lookInside({ '/two.exe': makeProgram({ overlay }) });
  assert.equal(
    seen.map((line) => line.replace(/0x[0-9a-f]+/, '0x…')),
    ['/two.exe!/0x….7z!/a.xml=1', '/two.exe!/0x….7z!/a.xml=2'],
  );
  assert.equal(opaque, []);
});

test('installers and packers that nobody can open are told, plain data and padding are not', async () => {
  const inno = Buffer.concat([Buffer.alloc(100), Buffer.from('Inno Setup Setup Data (6.2.0)'), randomBytes(100_000)]);
  const { opaque } = await lookInside({
    '/inno.exe': makeProgram({ overlay: inno }),
    '/packed.exe': makeProgram({ overlay: randomBytes(100_000) }),
    '/padded.exe': makeProgram({ overlay: Buffer.alloc(100_000) }),
    '/text.exe': makeProgram({ overlay: Buffer.from('a line of text\n'.repeat(9000)) }),
    '/signed.exe': makeProgram({ certificate: randomBytes(100_000) }),
    '/short.exe': makeProgram({ overlay: randomBytes(5000) }),
  });
  assert.equal(opaque.map(({ at, why, detail }) => `${at} ${why} ${detail.slice(0, 38)}`).sort(), [
    '/inno.exe unknown-packer it is an installer made by Inno Setup,',
    '/packed.exe unknown-packer 100000 bytes behind the program are pa',
  ]);
});

sevenZip('an archive behind a picture is opened', async () => {
  const { seen } = await lookInside({
    '/photo.jpg': Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.alloc(5000, 7), pack('zip', MEMBERS)]),
  });
  assert.equal(seen, ['/photo.jpg!/unattend.xml=<x/>']);
});

test.run();
