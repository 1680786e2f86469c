// Members of archives as rules see them: by name, whole, and in signatures; archives in archives; what cannot be opened.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pack, rawZip } from '../../helpers/archives.ts';
import { needTools } from '../../helpers/need.ts';
import { lookInside } from '../../helpers/nested-probe.ts';

const sevenZip = needTools(test, { '7zz': '7zip' });

const MEMBERS = {
  'setup/unattend.xml': '<unattend/>',
  'setup/tool.bin': 'a MARKER b',
  'key.txt': 'ProductKey=BCDFG-HJKMP-QRTVW-XY234-6789B',
};

sevenZip('members are seen by name and by content, whatever the archive is named', async () => {
  for (const type of ['zip', '7z', 'tar']) {
    const { seen, found, opaque, result } = await lookInside({ '/Tools/picture.png': pack(type, MEMBERS) });
    assert.equal(seen, ['/Tools/picture.png!/setup/unattend.xml=<unattend/>'], type);
    const expected = ['/Tools/picture.png!key.txt', '/Tools/picture.png!setup/tool.bin'];
    // What is stored as it is shows in the archive itself, too.
    assert.equal(
      found.filter((place) => place.includes('!')),
      expected,
      type,
    );
    assert.equal(opaque, []);
    assert.is(result.stats.archives?.opened, 1);
    assert.ok(result.findings.every(({ at }) => 'file' in at && at.file === '/Tools/picture.png'));
  }
});

sevenZip('what is packed alone, and archives in archives', async () => {
  const inner = pack('zip', MEMBERS);
  const { seen, found, opaque } = await lookInside({
    '/a/tool.bin.gz': pack('gzip', { 'tool.bin': 'MARKER'.repeat(50) }),
    '/a/tool.txt.xz': pack('xz', { 'tool.txt': 'MARKER'.repeat(50) }),
    '/b.7z': pack('7z', { 'deep/inner.dat': inner, 'x.tgz': pack('gzip', { 'x.tar': pack('tar', { 'u.xml': '<x/>' }) }) }),
  });
  assert.equal(found, [
    '/a/tool.bin.gz!tool.bin',
    '/a/tool.txt.xz!tool.txt',
    '/b.7z!deep/inner.dat', // stored as it is in its archive
    '/b.7z!deep/inner.dat!key.txt',
    '/b.7z!deep/inner.dat!setup/tool.bin',
  ]);
  assert.equal(seen, ['/b.7z!/deep/inner.dat!/setup/unattend.xml=<unattend/>', '/b.7z!/x.tgz!/x.tar!/u.xml=<x/>']);
  assert.equal(opaque, []);
});

sevenZip('encrypted, damaged and bottomless archives are told', async () => {
  let deep = pack('zip', { 'a.txt': 'MARKER' });
  for (let level = 2; level <= 42; level++) deep = pack('zip', { [`${level}.zip`]: deep }, '-mx0');
  const { opaque, outcome: said } = await lookInside({
    '/locked.7z': pack('7z', MEMBERS, '-psecret'),
    '/closed.7z': pack('7z', MEMBERS, '-psecret', '-mhe=on'),
    '/locked.zip': pack('zip', MEMBERS, '-psecret'),
    '/cut.7z': pack('7z', MEMBERS).subarray(0, 60),
    '/bent.zip': bent(pack('zip', { 'a.bin': 'MARKER'.repeat(1000) })),
    '/deep.zip': deep,
    '/bomb.gz': pack('gzip', { zeros: new Uint8Array(300 * 1024 * 1024) }, '-mx1'),
  });
  assert.equal(opaque.map(({ at, why }) => `${why} ${at.replace(/(?:![^!]*){3,}/, '!...')}`).sort(), [
    'damaged /bent.zip',
    'damaged /cut.7z',
    'encrypted /closed.7z',
    'encrypted /locked.7z',
    'encrypted /locked.zip',
    'too-deep /deep.zip!...',
    'too-large /bomb.gz',
  ]);
  assert.is(said, 'failed', 'the marker of the archive that is stored shows');
});

sevenZip('10 GB of zeros in a few kilobytes: told at the limit', async () => {
  // What bzip2 can say in one block of 900 kB: 255 equal bytes take five.
  const block = pack('bzip2', { zeros: new Uint8Array(45_000_000) });
  const content = Buffer.concat(Array.from({ length: 240 }, () => block));
  assert.ok(content.length < 100_000, `${content.length} bytes`);
  const { opaque, result } = await lookInside({ '/zeros.bz2': content });
  assert.equal(
    opaque.map(({ at, why }) => [at, why]),
    [['/zeros.bz2', 'too-large']],
  );
  assert.ok(result.stats.archives!.bytes <= 300 * 1024 * 1024, `${result.stats.archives!.bytes}`);
});

/** One byte in the middle of the packed data is wrong. */
function bent(archive: Buffer): Buffer {
  archive[48]! ^= 0x55;
  return archive;
}

sevenZip('names that point elsewhere are names and nothing else', async () => {
  const names = [
    '../../../../tmp/wtgforge-escape.xml',
    '/etc/absolute.xml',
    'C:\\win\\back.xml',
    'a\nPath = forged.xml\nSize = 9',
    'rtl\u202elmx.xml',
    'tab\tand\x1b[31m.xml',
    './/dot/.xml',
    '..',
  ];
  const { seen, opaque } = await lookInside({ '/n.zip': rawZip(names.map((name) => ({ name, content: 'x' }))) });
  assert.equal(seen, [
    '/n.zip!/C:/win/back.xml=x',
    '/n.zip!/[..]/[..]/[..]/[..]/tmp/wtgforge-escape.xml=x',
    '/n.zip!/dot/.xml=x',
    '/n.zip!/etc/absolute.xml=x',
    '/n.zip!/rtl\u202elmx.xml=x',
    '/n.zip!/tab\tand\x1b[31m.xml=x',
  ]);
  assert.equal(opaque, []);
});

sevenZip('two members of one name are two, and so are an archive and a folder of its name', async () => {
  const { seen, found } = await lookInside({
    '/d.zip': rawZip([
      { name: 'u.xml', content: '1' },
      { name: 'U.xml', content: '2' },
      { name: 'u.xml', content: 'MARKER' },
    ]),
    '/d.zip!/u.xml': 'MARKER of the folder',
  });
  assert.equal(seen, ['/d.zip!!/(2)/U.xml=2', '/d.zip!!/(3)/u.xml=MARKER', '/d.zip!!/u.xml=1', '/d.zip!/u.xml=MARKER of the folder']);
  assert.equal(found, ['/d.zip', '/d.zip!(3)/u.xml', '/d.zip!/u.xml']);
});

sevenZip('a zip that lies about sizes hides nothing', async () => {
  const lying = rawZip([
    { name: 'a.bin', content: 'MARKER', size: 3 },
    { name: 'b.bin', content: 'xyz' },
  ]);
  const { opaque } = await lookInside({ '/l.zip': lying });
  assert.equal(
    opaque.map(({ why }) => why),
    ['damaged'],
  );
});

sevenZip('100,000 members', async () => {
  const members = Array.from({ length: 100_000 }, (_, index) => ({ name: `f${index}.${index === 77_777 ? 'xml' : 'txt'}`, content: '' }));
  const { seen, opaque, result } = await lookInside({ '/m.zip': rawZip(members) });
  assert.equal(seen, ['/m.zip!/f77777.xml=']);
  assert.equal(opaque, []);
  assert.is(result.stats.archives?.members, 100_000);
});

test.run();
