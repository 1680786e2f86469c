// Cases of names of activators: files by their whole names and by what they begin with, services by their commands.
import type { Severity } from '../../lint/rule.ts';

export const files = (...paths: string[]) => ({ files: Object.fromEntries(paths.map((path) => [path, 'x'])) });
export const found = (file: string, messageId = 'file', severity: Severity = 'error') => ({ messageId, at: { file }, severity });
export const bad = (name: string, path: string, messageId = 'file', severity: Severity = 'error') => ({
  name,
  image: files(path),
  findings: [found(path, messageId, severity)],
});
export const service = (name: string, values: Record<string, string>) => ({ SYSTEM: { [`ControlSet001\\Services\\${name}`]: values } });
export const TREE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree';
export const tree = (path: string) => ({ SOFTWARE: { [`${TREE}\\${path}`]: { Id: '{00000000-0000-0000-0000-000000000001}' } } });

export const namedFiles = [
  // By the author of these cases, from public descriptions of the families; in pieces where a scanner would take this file for one.
  ...`Service_|KMS.exe,KMS|SS.exe,Tun|Mirror.exe,Tun|Mirror2.exe,KMS Server| Service.exe,Microsoft |Toolkit.exe,KMS|Emulator.exe,A|Act.exe,A|Act_x64.exe
A|Act_Network.exe,A|Act Network.exe,MAS|_AIO.cmd,HWID|_Activation.cmd,KMS38|_Activation.cmd,Online_KMS|_Activation.cmd,Ohook|_Activation_AIO.cmd
TSforge|_Activation.cmd,gatherosstate|modified.exe,spp|cs.dll,TS|forge.exe,x|ntkrnl.exe,x|osload.exe,oem-|drv64.sys,Re-|Loader.exe
Remove|WAT.exe,sppc|64.dll,sppc|32.dll,vlm|csd.exe,vlm|cs.exe,vlm|csd.kmd,KMS_VL_|ALL_AIO.cmd,KMS_VL_|ALL.cmd,KMS|ELDI.exe,SECOH|-QAD.exe
SECOH|-QAD.dll,KMS|Auto Net.exe,KMS|Auto.exe,KMS|Auto++.exe,KMS|Auto x64.exe,KMS|Auto Lite.exe,KMS|AutoLite.exe,KMS|AutoNet.exe,KMS|AutoS.exe
KMS|Autox64.exe,Auto|KMS.exe,KMS| Pico.exe,SppExtComObj|Hook-x64.dll,SppExtComObj|Patcher.exe,HEU_KMS|_Activator_v42.exe,W10 Digital| Activation.exe
LibTS|forge.dll,mass|grave.cmd,Microsoft-|Activation-Scripts-2.6.zip.exe,(KMS|pico).exe`
    .split(/[,\n]/)
    .map((parts) => parts.replace('|', ''))
    .map((name) => bad(`a file named ${name}`, `/x/${name}`)),
  {
    name: 'what is said of a name and of a folder',
    image: files('/Users/Public/AutoPico.exe', '/ProgramData/KMSAutoS/bin/driver.exe'),
    findings: [
      { ...found('/Users/Public/AutoPico.exe'), says: /^AutoPico\.exe / },
      { ...found('/ProgramData/KMSAutoS/bin/driver.exe', 'folder'), says: ' in /ProgramData/KMSAutoS/bin,' },
    ],
  },
  ...['\x7fELF', 'MZ', '#!', 'KMD\0'].map((head) => ({
    name: `a file without a telling ending that begins with ${JSON.stringify(head)}`,
    image: { files: { '/x/vlmcsd': `${head} and so on` } },
    findings: [found('/x/vlmcsd')],
  })),
  ...['cffaedfe', 'cafebabe'].map((head) => ({
    name: `a program of macOS that begins with ${head}`,
    image: { files: { '/x/vlmcsd': new Uint8Array(Buffer.from(`${head}00000000`, 'hex')) } },
    findings: [found('/x/vlmcsd')],
  })),
];

export const servicesByCommand = [
  ...(
    [
      ['C:\\x\\KMSSS.exe -Port 1688', 'REG_SZ'],
      ['%ProgramData%\\KMSSS.exe', 'REG_EXPAND_SZ'],
      ['C:\\x\\SECOH-QAD.dll', 'REG_SZ'],
      ['\\SystemRoot\\System32\\drivers\\oem-drv64.sys', 'REG_SZ'],
      ['C:\\x\\MAS_AIO.cmd /S', 'REG_SZ'],
      ['C:\\x\\AutoKMS.bat', 'REG_SZ'],
      ['C:\\x\\vlmcsd.py', 'REG_SZ'],
    ] as const
  ).map(([data, type]) => ({
    name: `a service by its command: ${data} (${type})`,
    image: { SYSTEM: { 'ControlSet001\\Services\\Updater': { ImagePath: { type, data } } } },
    findings: [{ messageId: 'service' as const, at: { hive: 'SYSTEM', key: 'ControlSet001\\Services\\Updater' }, says: 'Updater' }],
  })),
];
