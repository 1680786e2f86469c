// The licensing state: what tools leave in it, and the stock values of real Windows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintImage } from '../../../lint/lint-image.ts';
import { licensingState } from '../../../rules/activation/licensing-state.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import { madeDigitalProductId, madeDigitalProductId4, madeKey } from '../../helpers/product-keys.ts';

const SPP = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const POLICY = 'Policies\\Microsoft\\Windows NT\\CurrentVersion\\Software Protection Platform';
const OFFICE = 'Microsoft\\Office\\16.0\\Common\\Licensing\\Resiliency';
const DEFAULT = '/Users/Default/NTUSER.DAT' as const;
const at = (key: string, name: string, hive = 'SOFTWARE') => ({ hive, key, name });

/** 100 ns since 1601, as eight bytes. */
function filetime(year: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(Date.UTC(year, 5, 1)) + 11_644_473_600_000n) * 10_000n);
  return new Uint8Array(bytes);
}

const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';
const INSTALLED = { hive: 'SOFTWARE', key: CURRENT_VERSION, name: 'DigitalProductId4' };
const installed = (channel: string, keyEdition: string, edition: string): FakeSpec => ({
  SOFTWARE: { [CURRENT_VERSION]: { EditionID: edition, DigitalProductId4: madeDigitalProductId4(channel, undefined, keyEdition) } },
});

windowsRuleTester(licensingState, {
  good: [
    { name: 'a KMS client key of the edition', image: installed('Volume:GVLK', 'Enterprise', 'Enterprise') },
    { name: 'a key of volume licensing, which other rules weigh', image: installed('Volume:MAK', 'Enterprise', 'Enterprise') },
    { name: 'an evaluation', image: installed('Retail:TB:Eval', 'EnterpriseEval', 'Enterprise') },
    { name: 'an edition without a client key', image: installed('Retail', 'Core', 'Core') },
    {
      name: 'stock values, the store as either type of text',
      image: {
        SOFTWARE: {
          [SPP]: { TokenStore: '%WINDIR%\\System32\\spp\\store\\2.0', SkipRearm: 0, UserOperations: 0 },
          [`${SPP}\\Activation`]: { Manual: 1, NotificationDisabled: 0 },
        },
      },
    },
    {
      name: 'a heartbeat that failed in the past, as text and as a number of bytes',
      image: {
        hives: { [DEFAULT]: { [`Software\\${OFFICE}`]: { TimeOfLastHeartbeatFailure: '2024-03-01T10:00:00Z' } } },
        SOFTWARE: { [OFFICE]: { TimeOfLastHeartbeatFailure: filetime(2024) } },
      },
    },
    ...['%SystemRoot%\\system32\\spp\\store', 'C:\\Windows\\System32\\spp\\store\\2.0\\', ''].map((TokenStore) => ({
      name: `the store of Windows as (${TokenStore})`,
      image: { SOFTWARE: { [SPP]: { TokenStore } } },
    })),
    ...['soon', 'ｓｏｏｎ'].map((text) => ({
      name: `a heartbeat that is no date: ${text}`,
      image: { SOFTWARE: { [OFFICE]: { TimeOfLastHeartbeatFailure: text } } },
    })),
    { name: 'an edition without an installed key', image: { SOFTWARE: { [CURRENT_VERSION]: { EditionID: 'Enterprise' } } } },
    {
      name: 'a retail key without an edition',
      image: { SOFTWARE: { [CURRENT_VERSION]: { DigitalProductId4: madeDigitalProductId4('Retail', undefined, 'Professional') } } },
    },
    { name: 'a client key that names no edition', image: installed('Volume:GVLK', '', 'Enterprise') },
    { name: 'no values at all', image: { SOFTWARE: { [SPP]: {} } } },
  ],
  bad: [
    {
      name: 'a retail key where the edition has a client key',
      image: installed('Retail', 'Professional', 'Professional'),
      findings: [{ messageId: 'noClientKey', at: INSTALLED, severity: 'warning', says: 'Retail' }],
    },
    {
      name: 'a key of another edition',
      image: installed('Volume:GVLK', 'Professional', 'Enterprise'),
      findings: [{ messageId: 'otherEdition', at: INSTALLED, severity: 'warning', says: 'for Professional' }],
    },
    {
      name: 'a heartbeat of the future in a user hive, and as bytes in that of the machine',
      image: {
        hives: { [DEFAULT]: { [`Software\\${OFFICE}`]: { TimeOfLastHeartbeatFailure: '2040-01-01T00:00:00Z' } } },
        SOFTWARE: { [OFFICE]: { TimeOfLastHeartbeatFailure: filetime(2044) } },
      },
      findings: [
        { messageId: 'heartbeat', at: at(`Software\\${OFFICE}`, 'TimeOfLastHeartbeatFailure', DEFAULT), level: 'certain', says: '2040' },
        { messageId: 'heartbeat', at: at(OFFICE, 'TimeOfLastHeartbeatFailure'), level: 'certain', says: '2044' },
      ],
    },
    {
      name: 'a store elsewhere',
      image: { SOFTWARE: { [SPP]: { TokenStore: { type: 'REG_EXPAND_SZ', data: 'C:\\ProgramData\\store' } } } },
      findings: [{ messageId: 'store', at: at(SPP, 'TokenStore'), level: 'strong' }],
    },
    {
      name: 'keys for everybody, in the 32-bit view',
      image: { SOFTWARE: { [`Wow6432Node\\${SPP}`]: { UserOperations: 1 } } },
      findings: [{ messageId: 'userOperations', at: at(`Wow6432Node\\${SPP}`, 'UserOperations'), level: 'weak' }],
    },
    {
      name: 'weak signs: no ticket, keys for everybody, no notices',
      image: {
        SOFTWARE: { [POLICY]: { NoGenTicket: 1 }, [SPP]: { UserOperations: 1 }, [`${SPP}\\Activation`]: { NotificationDisabled: 1 } },
      },
      findings: [
        { messageId: 'noTicket', at: at(POLICY, 'NoGenTicket'), level: 'weak' },
        { messageId: 'userOperations', at: at(SPP, 'UserOperations'), level: 'weak' },
        { messageId: 'notices', at: at(`${SPP}\\Activation`, 'NotificationDisabled'), level: 'weak' },
      ],
    },
  ],
});

test('says that digital licences cannot be proved offline, and what was checked', async () => {
  const shownOf = async (spec: FakeSpec) => (await lintImage(fakeImage(spec), { rules: [licensingState] })).outcomes[0]!.shows ?? '';
  assert.is(
    await shownOf({
      ...installed('Volume:GVLK', 'Enterprise', 'Enterprise'),
      SYSTEM: { 'WPA\\1': {} },
      files: { '/Windows/System32/spp/store/2.0/data.dat': 'x' },
    }),
    'HWID, KMS38, TSforge: not provable offline; checked: channel Volume:GVLK, key for Enterprise, edition Enterprise, copies of the key alike, ' +
      'value intact, store with data.dat, without tokens.dat, 1 keys below WPA, SkipRearm (none)',
  );
  assert.match(
    await shownOf({}),
    'channel (none), key for (none), edition (none), copies of the key alike, value absent or unreadable, store without data.dat, without tokens.dat, 0 keys below WPA, SkipRearm (none)',
  );
  assert.match(
    await shownOf({
      SOFTWARE: {
        [CURRENT_VERSION]: { DigitalProductId4: new Uint8Array(10), DigitalProductId: madeDigitalProductId(madeKey(5)) },
        [SPP]: { SkipRearm: 1 },
      },
      files: { '/Windows/System32/spp/store/2.0/tokens.dat': 'x' },
    }),
    'channel (none), key for (none), edition (none), copies of the key differ, value absent or unreadable, store without data.dat, with tokens.dat, 0 keys below WPA, SkipRearm 1',
  );
  assert.match(
    await shownOf({ SOFTWARE: { [CURRENT_VERSION]: { DigitalProductId4: madeDigitalProductId4('Retail').with(1140, 65) } } }),
    'value changed by hand',
  );
});

test.run();
