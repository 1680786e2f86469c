// Hives of an image as Windows would load them: what only a log holds is read, edited and kept; what Windows refuses is refused.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChecksum } from '../../formats/hive/base-block.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { loadHive, openImageHive } from '../../image/hive-load.ts';
import { asDirty, newLog, wholeBins } from '../../scripts/dev/fixtures/hive-log.ts';
import { type FakeFile, fakeImage } from '../helpers/fake-image.ts';
import { edited, refusal, set } from '../helpers/hive-edits.ts';
import { needTools } from '../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });
const PATH = '/Windows/System32/config/SOFTWARE';

const image = (files: Readonly<Record<string, Uint8Array | FakeFile>>) => fakeImage({ files });

withTool('a value that only a log holds is there, and the note says where it came from', async () => {
  const before = emptyHive();
  const after = await edited(before, set('K', 'OnlyInTheLog', 'x'));
  const files = {
    [PATH]: asDirty(before, 2, 1),
    [`${PATH}.LOG1`]: newLog(before, 1, [wholeBins(after)]),
    [`${PATH}.LOG2`]: new Uint8Array(),
  };
  const loaded = await loadHive(image(files), PATH.toLowerCase());
  assert.equal([loaded.path, loaded.dirty, loaded.logs], [PATH, true, [`${PATH}.LOG1`]]);
  assert.match(loaded.notes[0]!, /applied, as Windows does: \.LOG1 \(1\)$/);
  const hive = await openImageHive(image(files), PATH);
  assert.equal([hive.dirty, hive.value('K', 'OnlyInTheLog')?.decoded], [true, { type: 'REG_SZ', data: 'x' }]);
});

test('a hive that was closed properly: no note, and its logs are not even read', async () => {
  const unread: FakeFile = { content: new Uint8Array(600), unreadable: 'is damaged' };
  const loaded = await loadHive(image({ [PATH]: emptyHive(), [`${PATH}.LOG1`]: unread }), PATH);
  assert.equal([loaded.dirty, loaded.notes, loaded.logs], [false, [], [`${PATH}.LOG1`]]);
});

test('dirty with empty logs: taken as it is, with a note', async () => {
  const loaded = await loadHive(image({ [PATH]: asDirty(emptyHive(), 2, 1), [`${PATH}.LOG`]: new Uint8Array(1024) }), PATH);
  assert.match(loaded.notes[0]!, /empty or absent; taken as it is$/);
});

test('what cannot be loaded is named by its path', async () => {
  const wrong = emptyHive();
  wrong[4]!++;
  const cases: readonly [Readonly<Record<string, Uint8Array | FakeFile>>, string, RegExp][] = [
    [{}, 'HIVE_ABSENT', /SOFTWARE: is not in the image/],
    [{ [PATH]: { folder: true } }, 'HIVE_ABSENT', /SOFTWARE: is not in the image/],
    [{ [PATH]: wrong }, 'HIVE_CORRUPT', /checksum of the base block/],
    [{ [PATH]: new Uint8Array(10) }, 'HIVE_CORRUPT', /base block runs past the end/],
    [{ [PATH]: asDirty(emptyHive(), 2, 1), [`${PATH}.LOG1`]: new Uint8Array(1024).fill(1) }, 'HIVE_CORRUPT', /no transaction log fits/],
  ];
  for (const [files, code, message] of cases) {
    const error = await refusal(() => openImageHive(image(files), PATH));
    assert.is(error.code, code);
    assert.match(error.message, message);
  }
  writeChecksum(wrong);
  assert.ok((await openImageHive(image({ [PATH]: wrong }), PATH)).dirty);
});

test.run();
