// Markers of generalization: sealed, not sealed, contradicted, unknown.
import { test } from 'uvu';
import { generalized } from '../../../rules/hygiene/generalized.ts';
import type { FakeSpec, FakeValue } from '../../helpers/fake-image.ts';
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
const stateAt = { hive: 'SOFTWARE', key: STATE, name: 'ImageState' };

ruleTester(generalized, {
  good: [
    { name: 'sealed by sysprep', image: image(SEALED, ARMED, { skipRearm: 0, file: SEALED }) },
    {
      name: 'the untouched image of the media: nothing of SetupType',
      image: { SOFTWARE: { [STATE]: { ImageState: SEALED } }, SYSTEM: { Setup: {} } },
    },
    { name: 'a switch that is off, as text', image: image(SEALED, ARMED, { skipRearm: '0' }) },
    { name: 'known from State.ini alone', image: image(undefined, ARMED, { file: SEALED }) },
  ],
  bad: [
    {
      name: 'a running system',
      image: image('IMAGE_STATE_COMPLETE', BOOTED),
      findings: [{ messageId: 'notSealed', at: stateAt, severity: 'error' }],
    },
    {
      name: 'sealed to audit mode',
      image: image('IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT', ARMED),
      findings: [{ messageId: 'notSealed', at: stateAt }],
    },
    { name: 'a state that was emptied', image: image('', ARMED), findings: [{ messageId: 'notSealed', at: stateAt }] },
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
      name: 'no SYSTEM hive',
      image: { SOFTWARE: { [STATE]: { ImageState: SEALED } } },
      findings: [],
      unable: 'SYSTEM',
    },
  ],
});

test.run();
