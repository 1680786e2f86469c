// Drivers that redirect traffic, where they are a sign, and where private networks have them.
import { test } from 'uvu';
import { trafficRedirect } from '../../../rules/activation/traffic-redirect.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const files = (...paths: string[]) => ({ files: Object.fromEntries(paths.map((path) => [path, 'MZ'])) });
const warning = (messageId: string, file: string) => ({ messageId, at: { file }, severity: 'warning' as const });

ruleTester(trafficRedirect, {
  good: [
    {
      name: 'the adapter of a private network',
      image: files(
        '/Windows/System32/drivers/tap0901.sys',
        '/Program Files/OpenVPN/bin/tapinstall.exe',
        '/Program Files/OpenVPN/bin/tap0901.sys',
      ),
    },
    ...[
      '/Windows/System32/drivers',
      '/Windows/System32/DriverStore/x',
      '/Windows/WinSxS/x',
      '/Program Files/VPN',
      '/Program Files (x86)/VPN',
    ].map((folder) => ({
      name: `an adapter where it belongs, beside its tool: ${folder}`,
      image: files(`${folder}/tap0901.sys`, `${folder}/devcon.exe`),
    })),
    { name: 'an adapter without its tool', image: files('/ProgramData/net/tap0901.sys') },
    {
      name: 'the tool alone, and other names',
      image: files('/ProgramData/net/devcon.exe', '/ProgramData/net/staples.sys', '/docs/windivert.txt'),
    },
    { name: 'a folder of that name', image: { files: { '/a/windivert.dll': { folder: true } } } },
  ],
  bad: [
    {
      name: 'a diverting driver, installed or not',
      image: files('/Windows/System32/drivers/WinDivert64.sys'),
      findings: [warning('divert', '/Windows/System32/drivers/WinDivert64.sys')],
    },
    ...['windivert32.dll', 'windivert.sys'].map((name) => ({
      name: `another form of it: ${name}`,
      image: files(`/x/${name}`),
      findings: [warning('divert', `/x/${name}`)],
    })),
    ...['tap0801', 'tap_ovpnconnect', 'tapsparklabs', 'ptun0901', 'tapwindows6'].flatMap((name) =>
      ['devcon64.exe', 'devcon32.exe', 'tapinstall.exe'].map((tool) => ({
        name: `the adapter ${name} beside ${tool}`,
        image: files(`/x/${name}.sys`, `/x/${tool}`),
        findings: [warning('tap', `/x/${name}.sys`)],
      })),
    ),
    { name: 'its library', image: files('/ProgramData/x/WinDivert.dll'), findings: [warning('divert', '/ProgramData/x/WinDivert.dll')] },
    {
      name: 'an adapter beside its tool',
      image: files('/ProgramData/x/tap0901.sys', '/ProgramData/x/devcon.exe'),
      findings: [warning('tap', '/ProgramData/x/tap0901.sys')],
    },
  ],
});

test.run();
