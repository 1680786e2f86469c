// The step drivers: files, DevicePath, pnputil at first boot, and the drivers that are refused with their reason.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivers } from '../../steps/drivers.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { infText } from '../helpers/inf-text.ts';
import { inHostFolder, refusalOf } from '../helpers/step-folder.ts';
import { runStep } from '../helpers/step-tester.ts';

const TARGET = '/Windows/wtgforge/drivers';
const GUEST = '/Windows/Setup/Scripts/wtgforge';
const KEY = 'Microsoft\\Windows\\CurrentVersion';
const PLACE = '%SystemRoot%\\wtgforge\\drivers';
const image = (values: Record<string, string> = { DevicePath: '%SystemRoot%\\inf' }, info: FakeSpec['info'] = {}) =>
  fakeImage({ SOFTWARE: { [KEY]: values }, info });
const NET = {
  'Corp Net/x64/corpnet.inf': infText(),
  'Corp Net/x64/corpnet.sys': 'MZ',
  'Corp Net/x64/deep/other.INF': infText(),
  'Corp Net/readme.txt': 'r',
};

test('copies the folder, extends DevicePath by each folder with an INF, and has pnputil run', async () => {
  await inHostFolder(NET, async (folder) => {
    const { lines, text, value, notes } = await runStep(drivers({ folders: [join(folder, 'Corp Net/')] }), image());
    assert.equal(lines, [
      ...['readme.txt', 'x64/corpnet.inf', 'x64/corpnet.sys', 'x64/deep/other.INF'].map((name) => `write ${TARGET}/Corp Net/${name}`),
      `set SOFTWARE ${KEY}!DevicePath = %SystemRoot%\\inf;${PLACE}\\Corp Net\\x64;${PLACE}\\Corp Net\\x64\\deep`,
      `write ${GUEST}/drivers-corp-net.cmd`,
      `write ${GUEST}/first-boot.cmd`,
      'write /Windows/Setup/Scripts/SetupComplete.cmd',
    ]);
    assert.type(await value('SOFTWARE', KEY, 'DevicePath'), 'string');
    const script = await text(`${GUEST}/drivers-corp-net.cmd`);
    assert.match(script, `"%SystemRoot%\\System32\\pnputil.exe" /add-driver "${PLACE}\\Corp Net\\*.inf" /subdirs /install\r\n`);
    for (const code of [259, 3010]) assert.match(script, `if "%CODE%"=="${code}" set "CODE=0"`);
    assert.equal(notes, []);
  });
});

test('an older Windows gets the older pnputil, one call for each INF', async () => {
  await inHostFolder(NET, async (folder) => {
    const { text } = await runStep(drivers({ folders: [join(folder, 'Corp Net')] }), image({}, { build: 9600 }));
    const script = await text(`${GUEST}/drivers-corp-net.cmd`);
    assert.equal(
      script.match(/pnputil\.exe" .*/g)?.map((line) => line.trim()),
      [`pnputil.exe" -i -a "${PLACE}\\Corp Net\\x64\\corpnet.inf"`, `pnputil.exe" -i -a "${PLACE}\\Corp Net\\x64\\deep\\other.INF"`],
    );
  });
});

test('what stands in DevicePath stays; a value that is missing or no text gets the default of Windows', async () => {
  await inHostFolder({ 'net/a.inf': infText() }, async (folder) => {
    const path = async (values: Record<string, string | number>) =>
      (await runStep(drivers({ folders: [join(folder, 'net')] }), fakeImage({ SOFTWARE: { [KEY]: values } }))).value(
        'SOFTWARE',
        KEY,
        'DevicePath',
      );
    assert.is(await path({ DevicePath: `D:\\drv;${PLACE.toUpperCase()}\\NET;` }), `D:\\drv;${PLACE.toUpperCase()}\\NET;`);
    assert.is(await path({}), `%SystemRoot%\\inf;${PLACE}\\net`);
    assert.is(await path({ DevicePath: 5 }), `%SystemRoot%\\inf;${PLACE}\\net`);
  });
});

test('boot-critical drivers, other architectures, broken and missing INF files are refused', async () => {
  const files = {
    'boot/a.inf': infText({ start: '0' }),
    'raid/a.inf': infText({ guid: '{4d36e97b-e325-11ce-bfc1-08002be10318}' }),
    'arm/a.inf': infText({ decorations: 'NTarm64' }),
    'broken/a.inf': 'MZ\0',
    'empty/setup.exe': 'MZ',
    'bad%name/a.inf': infText(),
    'net/a.inf': infText(),
    'other/net/a.inf': infText(),
  };
  await inHostFolder(files, async (folder) => {
    const of = (...names: readonly string[]) => refusalOf(runStep(drivers({ folders: names.map((name) => join(folder, name)) }), image()));
    assert.match(await of('boot'), /boot\/a\.inf: is boot-critical: its service corpnet starts at boot \(StartType 0, line 17\)/);
    assert.match(
      await of('net', 'raid'),
      /raid\/a\.inf: is boot-critical: it is of the class SCSIAdapter, which carries the system volume/,
    );
    assert.match(await of('arm'), /arm\/a\.inf: is for arm64, and the image is amd64/);
    assert.match(await of('broken'), /broken\/a\.inf: cannot be read \(INF: is binary\)/);
    assert.match(await of('empty'), 'holds no INF file');
    assert.match(await of('bad%name'), 'its name is not plain letters');
    assert.match(await of('net', 'other/net'), 'two folders are called net');
    assert.match(await of('absent'), 'absent: cannot be read (ENOENT)');
    assert.match(await of(), 'no folder is given');
    assert.is(await of('net'), 'taken');
  });
});

test('remarks a driver without a catalogue or devices', async () => {
  await inHostFolder({ 'net/a.inf': infText({ catalogue: false }), 'net/b.inf': '[Version]\nCatalogFile=b.cat\n' }, async (folder) => {
    const { notes } = await runStep(drivers({ folders: [join(folder, 'net')] }), image());
    assert.is(notes.length, 2);
    assert.match(notes[0]!, /net\/a\.inf: names no catalogue, so it is not signed/);
    assert.match(notes[1]!, /net\/b\.inf: names no device/);
  });
});

test('skips an image without a SOFTWARE hive', async () => {
  assert.match((await runStep(drivers({ folders: ['x'] }), fakeImage())).skipped!, 'no SOFTWARE hive');
});

test.run();
