// Automatic logon: passwords in clear text and as secrets of the system, and what Setup leaves.
import { test } from 'uvu';
import { automaticLogon } from '../../../rules/secrets/automatic-logon.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const WINLOGON = 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const SECURITY = '/Windows/System32/config/SECURITY' as const;
const SECRET = 'Policy\\Secrets\\DefaultPassword\\CurrVal';
const blob = { '': Uint8Array.of(0, 0, 0, 1, 7, 7, 7, 7) };
const sized = (size: number) => ({ '': new Uint8Array(size).fill(7) });
const at = (name: string) => ({ hive: 'SOFTWARE', key: WINLOGON, name });

windowsRuleTester(automaticLogon, {
  good: [
    {
      name: 'switched off, with an empty password',
      image: { SOFTWARE: { [WINLOGON]: { AutoAdminLogon: '0', DefaultPassword: '', DefaultUserName: 'a' } } },
    },
    {
      name: 'values of other kinds that are empty',
      image: { SOFTWARE: { [WINLOGON]: { DefaultPassword: 0, AltDefaultPassword: new Uint8Array(6) } } },
    },
    {
      name: 'the key without a value of automatic logon',
      image: { SOFTWARE: { [WINLOGON]: { DefaultUserName: 'a' } } },
    },
    {
      name: 'an emptied secret',
      image: { SOFTWARE: { [WINLOGON]: { AutoAdminLogon: '0' } }, SECURITY: { [SECRET]: { '': new Uint8Array(8) } } },
    },
    { name: 'other secrets', image: { SECURITY: { 'Policy\\Secrets\\DPAPI_SYSTEM\\CurrVal': blob } } },
  ],
  bad: [
    {
      name: 'a password in clear text',
      image: { SOFTWARE: { [WINLOGON]: { AutoAdminLogon: '1', DefaultPassword: 'Decoy-Pa55' } } },
      findings: [{ messageId: 'password', at: at('DefaultPassword'), severity: 'error' }],
      never: ['Decoy-Pa55'],
    },
    {
      name: 'bytes as a password, and the other one, in a backup',
      image: {
        SOFTWARE: { [WINLOGON]: { AltDefaultPassword: Uint8Array.of(1, 2, 3) } },
        hives: { '/Windows/System32/config/RegBack/SOFTWARE': { [WINLOGON]: { DefaultPassword: 'Decoy-Pa56' } } },
      },
      findings: [
        { messageId: 'password', at: at('AltDefaultPassword') },
        { messageId: 'password', at: { hive: '/Windows/System32/config/RegBack/SOFTWARE', key: WINLOGON, name: 'DefaultPassword' } },
      ],
      never: ['Decoy-Pa56'],
    },
    {
      name: 'a secret where logon is automatic: an error, and no password in sight: a warning',
      image: { SOFTWARE: { [WINLOGON]: { AutoAdminLogon: 1 } }, SECURITY: { [SECRET]: blob } },
      findings: [
        { messageId: 'secret', at: { hive: SECURITY, key: SECRET }, severity: 'error' },
        { messageId: 'logon', at: at('AutoAdminLogon'), severity: 'warning' },
      ],
    },
    ...[blob, sized(92)].map((one) => ({
      name: `a secret alone, as every Windows has one, of ${one[''].length} bytes: a note`,
      image: { SECURITY: { [SECRET]: one } },
      findings: [{ messageId: 'secret', at: { hive: SECURITY, key: SECRET }, severity: 'note' as const }],
    })),
    {
      name: 'the other secret, a secret in a backup, and the 32-bit view',
      image: {
        SOFTWARE: { [`Wow6432Node\\${WINLOGON}`]: { DefaultPassword: 'Decoy-Pa57' } },
        SECURITY: { 'Policy\\Secrets\\AltDefaultPassword\\CurrVal': blob },
        hives: { '/Windows/System32/config/RegBack/SECURITY': { [SECRET]: blob } },
      },
      findings: [
        { messageId: 'password', at: { hive: 'SOFTWARE', key: `Wow6432Node\\${WINLOGON}`, name: 'DefaultPassword' } },
        { messageId: 'secret', at: { hive: SECURITY, key: 'Policy\\Secrets\\AltDefaultPassword\\CurrVal' }, severity: 'note' },
        { messageId: 'secret', at: { hive: '/Windows/System32/config/RegBack/SECURITY', key: SECRET }, severity: 'note' },
      ],
      never: ['Decoy-Pa57'],
    },
    {
      name: 'a secret that is longer than the one of Setup: a warning',
      image: { SOFTWARE: { [WINLOGON]: { AutoAdminLogon: 0 } }, SECURITY: { [SECRET]: sized(108) } },
      findings: [{ messageId: 'longSecret', at: { hive: SECURITY, key: SECRET }, severity: 'warning' }],
    },
    {
      name: 'the same where logon is automatic: an error',
      image: { SOFTWARE: { [WINLOGON]: { AutoAdminLogon: '1' } }, SECURITY: { [SECRET]: sized(108) } },
      findings: [
        { messageId: 'longSecret', at: { hive: SECURITY, key: SECRET }, severity: 'error' },
        { messageId: 'logon', at: at('AutoAdminLogon'), severity: 'warning' },
      ],
    },
  ],
});

test.run();
