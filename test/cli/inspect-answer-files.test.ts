// wtgforge inspect --answer-files: what lies where, which file wins each pass, what is stale.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerPlacesOf } from '../../cli/answer-places.ts';
import { answerXml } from '../helpers/answer-folder.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const PANTHER = '/Windows/Panther/unattend.xml';
const SYSPREP = '/Windows/System32/Sysprep/unattend.xml';
const specialize = answerXml('<TimeZone>UTC</TimeZone>');
const oobe = answerXml('<TimeZone>UTC</TimeZone>', { pass: 'oobeSystem' });
const done = specialize.replace('pass="specialize"', 'pass="specialize" wasPassProcessed="true"');

test('files at every place, copies and forgotten ones, with the winner of each pass', async () => {
  const places = await answerPlacesOf(
    fakeImage({
      files: {
        [PANTHER]: done,
        [SYSPREP]: specialize,
        '/autounattend.xml': oobe,
        '/Windows/Panther/unattend-original.xml': specialize,
        '/Deploy/old-unattend.xml': specialize,
        '/Windows/Panther/setupinfo.xml': '<setup/>',
        '/Windows/Panther/broken.xml': '<a>',
        '/Windows/Setup/Scripts/site.xml': oobe,
      },
      SYSTEM: { Setup: {} },
    }),
  );
  assert.equal(
    places.files.map(({ path, stale }) => [path, stale === undefined ? 'used' : 'stale']),
    [
      [PANTHER, 'stale'],
      [SYSPREP, 'used'],
      ['/autounattend.xml', 'used'],
      ['/Windows/Panther/unattend-original.xml', 'stale'],
      ['/Deploy/old-unattend.xml', 'stale'],
      ['/Windows/Setup/Scripts/site.xml', 'stale'],
    ],
  );
  assert.equal(places.files[0]!.passes, [{ pass: 'specialize', processed: true }]);
  assert.equal(
    places.passes.map(({ pass, winner }) => [pass, winner]),
    [
      ['specialize', SYSPREP],
      ['oobeSystem', '/autounattend.xml'],
    ],
  );
  assert.equal([places.registry, places.notes], [undefined, []]);
});

test('the file that the registry names is found wherever it lies', async () => {
  const named = await answerPlacesOf(
    fakeImage({
      files: { '/Deploy/Site.xml': oobe, [PANTHER]: oobe },
      SYSTEM: { Setup: { UnattendFile: '%SystemDrive%\\deploy\\site.xml' } },
    }),
  );
  assert.is(named.passes[0]!.winner, '/Deploy/Site.xml');
  assert.match(named.files[1]!.stale!, 'is found before it');
  const absent = await answerPlacesOf(fakeImage({ SYSTEM: { Setup: { UnattendFile: 'C:\\gone.xml' } } }));
  assert.equal([absent.files, absent.notes], [[], ['/gone.xml: the registry names it, but it is not there']]);
  const elsewhere = await answerPlacesOf(fakeImage({ SYSTEM: { Setup: { UnattendFile: 'E:\\site.xml' } } }));
  assert.match(elsewhere.notes[0]!, 'names E:\\site.xml, which is not on the system drive');
});

test('a broken file is named where Setup would look, with its reason, and wins nothing', async () => {
  const places = await answerPlacesOf(
    fakeImage({
      files: { [PANTHER]: '<unattend>', '/unattend.xml': { content: oobe, unreadable: 'a chunk is damaged' }, [SYSPREP]: oobe },
    }),
  );
  assert.match(places.files[0]!.fault!, /line 1/);
  assert.match(places.files.find(({ path }) => path === '/unattend.xml')!.fault!, 'a chunk is damaged');
  assert.equal(
    places.passes.map(({ winner }) => winner),
    [SYSPREP],
  );
});

needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' })('the command, as text and JSON', async () => {
  await inWorkspace(
    async ({ image }) => {
      const text = await cli(['inspect', image, '--answer-files']);
      assert.is(text.code, 0);
      assert.match(text.out, /^ +used +\/Windows\/Panther\/unattend\.xml +specialize$/m);
      assert.match(text.out, /^ +stale +\/unattend\.xml +specialize\n +specialize: \/Windows\/Panther\/unattend\.xml is found before it$/m);
      const json = JSON.parse((await cli(['inspect', image, '--answer-files', '--json'])).out) as {
        images: { answerFiles: { files: { path: string }[]; passes: { pass: string; winner: string }[] } }[];
      };
      assert.ok(json.images[0]!.answerFiles.files.some(({ path }) => path === '/unattend.xml'));
      assert.is(json.images[0]!.answerFiles.passes.find(({ pass }) => pass === 'specialize')!.winner, PANTHER);
      const without = JSON.parse((await cli(['inspect', image, '--json'])).out) as { images: object[] };
      assert.not.ok('answerFiles' in without.images[0]!);
    },
    { extraFiles: { [PANTHER]: specialize, '/unattend.xml': specialize } },
  );
});

test.run();
