// Verdicts of generalization from markers, each with its evidence; what cannot be read is told and never reads as clean.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  evidenceOf,
  type GeneralizationVerdict,
  isNotArmed,
  isShutDownLater,
  isStuck,
  readGeneralization,
  SEALED,
} from '../../image/generalization.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';

const STATE = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const TAG = '/Windows/System32/Sysprep/Sysprep_succeeded.tag';
const spec = (
  state: string | undefined,
  setup: Record<string, string | number>,
  files: FakeSpec['files'] = {},
  generalization = 7,
): FakeSpec => ({
  SOFTWARE: { Microsoft: {}, ...(state === undefined ? {} : { [STATE]: { ImageState: state } }) },
  SYSTEM: { Setup: setup, 'Setup\\Status\\SysprepStatus': { GeneralizationState: generalization } },
  files,
});
const ARMED = { SetupType: 2, CmdLine: 'oobe\\windeploy.exe' };
const FINISHED = { SetupType: 0, CmdLine: '' };

const VERDICTS: readonly (readonly [string, FakeSpec, GeneralizationVerdict])[] = [
  ['sealed and armed', spec(SEALED, ARMED), 'generalized'],
  ['sealed, and nothing of Setup', spec(SEALED, {}), 'generalized'],
  [
    'sealed by State.ini alone',
    spec(undefined, ARMED, { '/Windows/Setup/State/State.ini': `[State]\r\nImageState=${SEALED}` }),
    'generalized',
  ],
  ['sealed, not armed, stuck', spec(SEALED, FINISHED, {}, 3), 'not generalized'],
  ['running', spec('IMAGE_STATE_COMPLETE', FINISHED), 'not generalized'],
  ['running after a seal', spec('IMAGE_STATE_COMPLETE', FINISHED, { [TAG]: '' }), 'booted since'],
  ['in the middle of its first start', spec('IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE', ARMED, { [TAG]: '' }), 'booted since'],
  ['failed', spec('IMAGE_STATE_UNDEPLOYABLE', ARMED, { [TAG]: '' }), 'not generalized'],
  ['nothing at all', spec(undefined, ARMED), 'unknown'],
];

for (const [name, image, verdict] of VERDICTS) {
  test(`${name}: ${verdict}`, async () => assert.is((await readGeneralization(fakeImage(image))).verdict, verdict));
}

test('markers one by one', async () => {
  const { markers } = await readGeneralization(fakeImage(spec(SEALED, FINISHED, {}, 3)));
  assert.is(isNotArmed(markers), true);
  assert.is(isStuck(markers), true);
  assert.is(isShutDownLater(markers), false);
  const other = (await readGeneralization(fakeImage(spec(SEALED, ARMED)))).markers;
  assert.is(isNotArmed(other), false);
  assert.is(isStuck(other), false);
});

test('the evidence names every marker, and the SID of the machine', async () => {
  const image = fakeImage({
    ...spec(SEALED, ARMED, { [TAG]: '' }),
    SAM: { 'SAM\\Domains\\Account': { V: new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]) } },
  });
  assert.is(
    evidenceOf((await readGeneralization(image)).markers),
    `ImageState=${SEALED}, State.ini=(none), SetupType=2, CmdLine=oobe\\windeploy.exe, GeneralizationState=7, SkipRearm=(none), ` +
      'Sysprep_succeeded.tag=there, sealed=(none), shut down=(none), machine SID=S-1-5-21-1-2-3',
  );
});

test('what cannot be read is told', async () => {
  const { verdict, unseen } = await readGeneralization(
    fakeImage({
      files: { '/Windows/Setup/State/State.ini': { content: 'x', unreadable: 'is damaged' }, '/Windows/System32/config/SAM': 'no hive' },
    }),
  );
  assert.is(verdict, 'unknown');
  assert.is(unseen.length, 4, unseen.join('\n'));
});

test('a log of sysprep that is too large is told', async () => {
  const files = { '/Windows/System32/Sysprep/Panther/setupact.log': new Uint8Array(17 * 1024 * 1024) };
  const { unseen } = await readGeneralization(fakeImage(spec(SEALED, ARMED, files)));
  assert.equal(unseen.length, 1);
});

test.run();
