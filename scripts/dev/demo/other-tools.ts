// What programs that are not ours see in the golden image: wimlib takes the files out, hivexregedit and xmllint read them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Fact {
  /** The program and what it was asked. */
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
}

const SPP = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
/** Hive, key, value, as hivexregedit must write the data. */
const VALUES = [
  ['SYSTEM', 'ControlSet001\\Services\\partmgr\\Parameters', 'SanPolicy', 'dword:00000004'],
  ['SYSTEM', 'ControlSet001\\Control\\Session Manager\\Power', 'HiberbootEnabled', 'dword:00000000'],
  ['SYSTEM', 'ControlSet001\\Services\\W32Time\\TriggerInfo\\0', 'GUID', 'hex(3):de,f2,27,4f,e2,14,0b,43,a5,49,7c,d4,8c,bc,82,45'],
  ['SYSTEM', 'ControlSet001\\Services\\W32Time\\Config', 'LastKnownGoodTime', 'not there'],
  ['SOFTWARE', SPP, 'KeyManagementServiceName', wide('kms.corp.example')],
  ['SOFTWARE', SPP, 'KeyManagementServicePort', 'not there'],
  ['SOFTWARE', SPP, 'SkipRearm', 'dword:00000000'],
  ['SOFTWARE', SPP, 'BackupProductKeyDefault', 'not there'],
  ['SOFTWARE', 'Corp\\Workspace', 'Release', wide('2026-01')],
] as const;

const GUEST = '/Windows/Setup/Scripts/wtgforge';
const COMPONENT = (pass: string, name: string) => `string(/*/*[@pass='${pass}']/*[@name='${name}']`;
/** File, XPath, what xmllint must find. */
const NODES = [
  [
    '/Windows/Panther/unattend.xml',
    `${COMPONENT('specialize', 'Microsoft-Windows-Shell-Setup')}/*[local-name()='TimeZone'])`,
    'W. Europe Standard Time',
  ],
  ['/Windows/Panther/unattend.xml', `${COMPONENT('specialize', 'Microsoft-Windows-Shell-Setup')}/*[local-name()='ComputerName'])`, '*'],
  ['/Windows/Panther/unattend.xml', `${COMPONENT('generalize', 'Microsoft-Windows-Security-SPP')}/*[local-name()='SkipRearm'])`, '0'],
  [`${GUEST}/spp-cache-task.xml`, "string(//*[local-name()='MultipleInstancesPolicy'])", 'IgnoreNew'],
  [`${GUEST}/scheduled-task-corp-inventory.xml`, "string(//*[local-name()='ExecutionTimeLimit'])", 'PT15M'],
] as const;

export function seenByOthers(image: string): readonly Fact[] {
  const scratch = mkdtempSync(join(tmpdir(), 'wtgforge-demo-'));
  const file = join(scratch, 'file');
  const extract = (path: string) =>
    writeFileSync(file, execFileSync('wimlib-imagex', ['extract', image, '1', path, '--to-stdout', '--quiet'], { maxBuffer: 2 ** 28 }));
  try {
    const values = VALUES.map(([hive, key, name, wanted]): Fact => {
      extract(`/Windows/System32/config/${hive}`);
      const text = execFileSync('hivexregedit', ['--export', '--max-depth', '1', file, key], {
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const line = text.split(/\r?\n/).find((one) => one.toLowerCase().startsWith(`"${name.toLowerCase()}"=`));
      return { what: `hivexregedit ${hive}\\${key}!${name}`, wanted, found: line?.slice(name.length + 3) ?? 'not there' };
    });
    const nodes = NODES.map(([path, xpath, wanted]): Fact => {
      extract(path);
      const found = execFileSync('xmllint', ['--xpath', xpath, file], { encoding: 'utf8' }).trim();
      return { what: `xmllint ${path} ${/'(\w+)'\]\)$/.exec(xpath)?.[1]}`, wanted, found };
    });
    return [...values, ...nodes];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A text of Windows as hivexregedit writes it. */
function wide(text: string): string {
  return `hex(1):${[...Buffer.from(`${text}\0`, 'utf16le')].map((byte) => byte.toString(16).padStart(2, '0')).join(',')}`;
}
