// Markers of generalization: sealed, not sealed, contradicted, unknown.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintImage } from '../../../lint/lint-image.ts';
import { generalized } from '../../../rules/hygiene/generalized.ts';
import { type FakeSpec, type FakeValue, fakeImage } from '../../helpers/fake-image.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const STATE = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const PLATFORM = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const SYSPREP = 'Setup\\Status\\SysprepStatus';
const STATE_FILE = '/Windows/Setup/State/State.ini';
const SEALED = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE';
const ARMED = { SetupType: 2, CmdLine: 'oobe\\windeploy.exe', OOBEInProgress: 1 };
const BOOTED = { SetupType: 0, CmdLine: '', OOBEInProgress: 0, RespecializeCmdLine: 'Sysprep\\sysprep.exe /respecialize /quiet' };

const image = (
  state: string | undefined,
  setup: Record<string, FakeValue>,
  more: { generalization?: number; skipRearm?: FakeValue; file?: string } = {},
): FakeSpec => ({
  SOFTWARE: {
    ...(state === undefined ? { [PLATFORM]: {} } : { [STATE]: { ImageState: state } }),
    ...(more.skipRearm === undefined ? {} : { [PLATFORM]: { SkipRearm: more.skipRearm } }),
  },
  SYSTEM: { Setup: setup, [SYSPREP]: { GeneralizationState: more.generalization ?? 7, CleanupState: 2 } },
  ...(more.file === undefined ? {} : { files: { [STATE_FILE]: `[State]\r\nImageState=${more.file}\r\n` } }),
});
const TAG = '/Windows/System32/Sysprep/Sysprep_succeeded.tag';
const LOG = '/Windows/System32/Sysprep/Panther/setupact.log';
const WINDOWS = 'ControlSet001\\Control\\Windows';
const stateAt = { hive: 'SOFTWARE', key: STATE, name: 'ImageState' };

/** Sealed at the last line of sysprep's log, shut down at a FILETIME. */
function sealedAndShutDown(sealed: string, shutDown: string): FakeSpec {
  const time = new Uint8Array(new BigUint64Array([BigInt(Date.parse(shutDown) + 11_644_473_600_000) * 10_000n]).buffer);
  const spec = image(SEALED, ARMED);
  return {
    ...spec,
    SYSTEM: { ...spec.SYSTEM, Select: { Current: 1, Default: 1 }, [WINDOWS]: { ShutdownTime: time } },
    files: { [LOG]: `2026-01-01 00:00:00, Info  SYSPRP first\r\n${sealed}, Info  SYSPRP last\r\nno time\r\n` },
  };
}

ruleTester(generalized, {
  good: [
    { name: 'sealed by sysprep', image: image(SEALED, ARMED, { skipRearm: 0, file: SEALED }) },
    {
      name: 'the untouched image of the media: nothing of SetupType',
      image: { SOFTWARE: { [STATE]: { ImageState: SEALED } }, SYSTEM: { Setup: {} } },
    },
    { name: 'a switch that is off, as text', image: image(SEALED, ARMED, { skipRearm: '0' }) },
    {
      name: 'shut down when it was sealed, seen from another time zone',
      image: sealedAndShutDown('2026-03-02 10:00:00', '2026-03-02T23:30:00Z'),
    },
    { name: 'a log without a time, and a time that is none', image: sealedAndShutDown('no time', '1601-01-01T00:00:00Z') },
    { name: 'known from State.ini alone', image: image(undefined, ARMED, { file: SEALED }) },
  ],
  bad: [
    {
      name: 'a running system',
      image: image('IMAGE_STATE_COMPLETE', BOOTED),
      findings: [{ messageId: 'notSealed', at: stateAt, severity: 'error', says: 'ImageState is IMAGE_STATE_COMPLETE' }],
    },
    {
      name: 'sealed to audit mode',
      image: image('IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT', ARMED),
      findings: [{ messageId: 'notSealed', at: stateAt }],
    },
    {
      name: 'a state that was emptied',
      image: image('', ARMED),
      findings: [{ messageId: 'notSealed', at: stateAt, says: 'ImageState is (empty)' }],
    },
    ...(['1', new Uint8Array([1, 0, 0, 0]), { type: 'REG_QWORD', data: 1n } as const] satisfies FakeValue[]).map((skipRearm, at) => ({
      name: `a switch that keeps the licence state, in another type (${at})`,
      image: image(SEALED, ARMED, { skipRearm }),
      findings: [{ messageId: 'skipRearm', at: { hive: 'SOFTWARE', key: PLATFORM, name: 'SkipRearm' } }],
    })),
    {
      name: 'State.ini says otherwise',
      image: image(SEALED, ARMED, { file: 'IMAGE_STATE_COMPLETE' }),
      findings: [{ messageId: 'disagree', at: { file: STATE_FILE } }],
    },
    {
      name: 'only State.ini says sealed',
      image: image('IMAGE_STATE_COMPLETE', ARMED, { file: SEALED }),
      findings: [
        { messageId: 'notSealed', at: stateAt },
        { messageId: 'disagree', at: { file: STATE_FILE }, severity: 'warning' },
      ],
    },
    {
      name: 'sealed by name, not armed',
      image: image(SEALED, BOOTED),
      findings: [{ messageId: 'notArmed', at: { hive: 'SYSTEM', key: 'Setup', name: 'SetupType' }, severity: 'warning' }],
    },
    {
      name: 'stuck half-way',
      image: image(SEALED, ARMED, { generalization: 3 }),
      findings: [{ messageId: 'stuck', at: { hive: 'SYSTEM', key: SYSPREP, name: 'GeneralizationState' }, severity: 'warning' }],
    },
    {
      name: 'two markers against the name',
      image: image(SEALED, BOOTED, { generalization: 3 }),
      findings: [{ messageId: 'contradicted', at: stateAt, severity: 'error' }],
    },
    {
      name: 'the licence state is kept',
      image: image(SEALED, ARMED, { skipRearm: 1 }),
      findings: [{ messageId: 'skipRearm', at: { hive: 'SOFTWARE', key: PLATFORM, name: 'SkipRearm' }, severity: 'error' }],
    },
    {
      name: 'no ImageState anywhere: unknown, and unknown is not clean',
      image: { SOFTWARE: { Microsoft: {} }, SYSTEM: { Setup: ARMED } },
      findings: [],
      unable: 'whether the image is generalized is unknown',
    },
    {
      name: 'sealed once, and a later phase of Setup since',
      image: { ...image('IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE', ARMED), files: { [TAG]: '' } },
      findings: [{ messageId: 'started', at: stateAt, severity: 'error', says: 'Sysprep_succeeded.tag=there' }],
    },
    {
      name: 'sealed once, and finished since',
      image: { ...image('IMAGE_STATE_COMPLETE', BOOTED), files: { [TAG]: '' } },
      findings: [{ messageId: 'started', at: stateAt }],
    },
    {
      name: 'a failed seal with a tag of an earlier one',
      image: { ...image('IMAGE_STATE_UNDEPLOYABLE', ARMED), files: { [TAG]: '' } },
      findings: [{ messageId: 'notSealed', at: stateAt }],
    },
    {
      name: 'shut down nine days after it was sealed',
      image: sealedAndShutDown('2026-03-02 10:00:00', '2026-03-11T12:00:00Z'),
      findings: [
        {
          messageId: 'startedLater',
          at: { hive: 'SYSTEM', key: WINDOWS, name: 'ShutdownTime' },
          severity: 'warning',
          says: '9 days after',
        },
      ],
    },
    {
      name: 'no SYSTEM hive',
      image: { SOFTWARE: { [STATE]: { ImageState: SEALED } } },
      findings: [],
      unable: 'SYSTEM',
    },
  ],
});

const machine = (...numbers: number[]) => ({ 'SAM\\Domains\\Account': { V: new Uint8Array(new Uint32Array(numbers).buffer) } });
const RUNNING = image('IMAGE_STATE_COMPLETE', BOOTED);

async function saidBeside(
  spec: FakeSpec,
  base: FakeSpec | undefined,
): Promise<{ readonly said: readonly string[]; readonly outcome: string; readonly closed: number }> {
  let closed = 0;
  const other = base && { ...fakeImage(base), close: async () => void closed++ };
  const { findings, outcomes } = await lintImage(fakeImage(spec), {
    rules: [generalized],
    base: { path: '/base.wim', alike: async () => other, store: () => ({ refused: 'not asked for' }), close: async () => {} },
  });
  return { said: findings.map(({ messageId }) => messageId).sort(), outcome: outcomes[0]!.outcome, closed };
}

test('a copy of the base is told by its machine SID, unless it is sealed or there is no base', async () => {
  const own = { ...RUNNING, SAM: machine(1, 2, 3) };
  const base = { ...image(SEALED, ARMED), SAM: machine(1, 2, 3) };
  assert.equal(await saidBeside(own, base), { said: ['notSealed', 'sameMachine'], outcome: 'failed', closed: 1 });
  assert.equal(await saidBeside({ ...RUNNING, SAM: machine(1, 2, 4) }, base), { said: ['notSealed'], outcome: 'failed', closed: 1 });
  assert.equal(await saidBeside(own, undefined), { said: ['notSealed'], outcome: 'failed', closed: 0 });
  assert.equal(await saidBeside(base, base), { said: [], outcome: 'passed', closed: 0 });
});

test.run();
