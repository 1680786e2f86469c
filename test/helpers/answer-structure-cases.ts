// Good and bad answer files for the checks of passes, components and settings.
import type { AnswerCases } from './answer-check-tester.ts';
import { answer, component, document } from './answer-xml.ts';

const DEPLOYMENT = 'Microsoft-Windows-Deployment';
const PE = 'Microsoft-Windows-International-Core-WinPE';
const WINRE = 'Microsoft-Windows-WinRE-RecoveryAgent';
const COMMAND =
  '<RunSynchronous><RunSynchronousCommand wcm:action="add"><Order>1</Order><Path>x</Path></RunSynchronousCommand></RunSynchronous>';
const NAME = '<ComputerName>*</ComputerName>';
const settings = (pass: string, inner: string, more = '') => `<settings pass="${pass}"${more}>\n${inner}\n</settings>`;

export const structureCases = {
  architecture: {
    good: [
      { name: 'the architecture of the image', xml: answer(NAME) },
      {
        name: 'both, one of them for this image',
        xml: document(settings('specialize', `${component(NAME)}\n${component(NAME, { architecture: 'x86' })}`)),
      },
      { name: 'the 32-bit side of a 64-bit Windows', xml: answer(NAME, { architecture: 'wow64' }) },
      { name: 'no image', alone: true, xml: answer(NAME, { architecture: 'x86' }) },
      { name: 'an image of unknown architecture', architecture: 'unknown', xml: answer(NAME, { architecture: 'x86' }) },
    ],
    bad: [
      { name: 'nothing fits', xml: answer(NAME, { architecture: 'x86' }), findings: [['noneFits', 'error', 4, 'amd64']] },
      {
        name: 'a 32-bit Windows has no 32-bit side',
        architecture: 'x86',
        xml: answer(NAME, { architecture: 'wow64' }),
        findings: [['noneFits', 'error', 4, 'x86']],
      },
      {
        name: 'two architectures, each with a component without a twin',
        xml: document(
          settings(
            'specialize',
            `${component(NAME)}\n${component('', { component: 'A', architecture: 'x86' })}\n${component('', { component: 'B', architecture: 'arm64' })}`,
          ),
        ),
        findings: [
          ['skipped', 'warning', 7, 'x86 only (A in specialize)'],
          ['skipped', 'warning', 10, 'arm64 only (B in specialize)'],
        ],
      },
      {
        name: 'one component without a twin',
        xml: document(settings('specialize', `${component(NAME)}\n${component(COMMAND, { component: DEPLOYMENT, architecture: 'x86' })}`)),
        findings: [['skipped', 'warning', 7, 'Microsoft-Windows-Deployment in specialize']],
      },
      { name: 'a misspelt one', xml: answer(NAME, { architecture: 'x64' }), findings: [['unknown', 'warning', 4, 'x64']] },
    ],
  },
  'component-identity': {
    good: [
      { name: 'all of it', xml: answer(NAME) },
      { name: 'another case', xml: answer(NAME).replace('31bf3856ad364e35', '31BF3856AD364E35') },
    ],
    bad: [
      {
        name: 'no token',
        xml: answer(NAME).replace(/ publicKeyToken="\w+"/, ''),
        findings: [['missing', 'warning', 4, 'Microsoft-Windows-Shell-Setup has no publicKeyToken']],
      },
      {
        name: 'neither name nor token',
        xml: answer('', { component: '' }).replace(/ publicKeyToken="\w+"/, ''),
        findings: [['missing', 'warning', 4, 'component without a name has no']],
      },
      { name: 'no architecture', xml: answer(NAME, { architecture: '' }), findings: [['missing', 'warning', 4, 'processorArchitecture']] },
      { name: 'another token', xml: answer(NAME).replace('31bf3856ad364e35', '31bf3856ad364e36'), findings: [['other', 'warning', 4]] },
    ],
  },
  'idle-pass': {
    good: [
      { name: 'a file on a medium', xml: answer('', { pass: 'windowsPE' }) },
      { name: 'specialize', installed: true, xml: answer(NAME) },
      { name: 'a pass with a name that every object has', installed: true, xml: answer(NAME, { pass: 'constructor' }) },
      { name: 'an empty pass', installed: true, xml: document('<settings pass="windowsPE"></settings>') },
      { name: 'processed already', installed: true, xml: document(settings('windowsPE', component(''), ' wasPassProcessed="true"')) },
    ],
    bad: [
      { name: 'windowsPE', installed: true, xml: answer('', { pass: 'windowsPE' }), findings: [['idle', 'warning', 3, 'windowsPE']] },
      {
        name: 'offlineServicing',
        installed: true,
        xml: answer('<SanPolicy>4</SanPolicy>', { pass: 'offlineServicing', component: 'Microsoft-Windows-PartitionManager' }),
        findings: [['idle', 'warning', 3, 'DISM /Apply-Unattend']],
      },
    ],
  },
  'known-component': {
    good: [
      { name: 'a known one', xml: answer(NAME) },
      { name: 'in another case', xml: answer('', { component: 'microsoft-windows-shell-SETUP' }) },
      { name: 'one without a name is the matter of another check', xml: answer('', { component: '' }) },
    ],
    bad: [
      {
        name: 'a misspelt one',
        xml: answer('', { component: 'Microsoft-Windows-Shel-Setup' }),
        findings: [['unknown', 'note', 4, 'Shel-Setup']],
      },
      {
        name: 'two of them are one note',
        xml: document(settings('specialize', `${component('', { component: 'A' })}\n${component('', { component: 'B' })}`)),
        findings: [['unknown', 'note', 4, 'A, B']],
      },
    ],
  },
  'known-setting': {
    good: [
      { name: 'known ones, in another case', xml: answer('<computername>*</computername><COPYPROFILE>true</COPYPROFILE>') },
      { name: 'an unknown component has no known settings', xml: answer('<X/>', { component: 'Y' }) },
    ],
    bad: [
      { name: 'misspelt', xml: answer('<ComputerNam>*</ComputerNam>'), findings: [['unknown', 'note', 5, 'ComputerNam']] },
      {
        name: 'several are one note',
        xml: answer('<OOBE>\n<SkipUserOOBE>true</SkipUserOOBE>\n<SkipMachineOOBE>true</SkipMachineOOBE></OOBE>', { pass: 'oobeSystem' }),
        findings: [['unknown', 'note', 6, 'OOBE/SkipUserOOBE, OOBE/SkipMachineOOBE']],
      },
    ],
  },
  'misplaced-setting': {
    good: [
      { name: 'OOBE in the shell', xml: answer('<OOBE><HideEULAPage>true</HideEULAPage></OOBE>', { pass: 'oobeSystem' }) },
      {
        name: 'a group of the same name with other settings',
        xml: answer('<OOBE><Other>1</Other></OOBE>', { pass: 'oobeSystem', component: WINRE }),
      },
    ],
    bad: [
      {
        name: 'OOBE under WinRE, as a printed sample has it',
        xml: answer('<UninstallWindowsRE>true</UninstallWindowsRE>\n<OOBE><HideEULAPage>true</HideEULAPage></OOBE>', {
          pass: 'oobeSystem',
          component: WINRE,
        }),
        findings: [['misplaced', 'warning', 6, 'belongs to Microsoft-Windows-Shell-Setup']],
      },
      {
        name: 'accounts under Deployment',
        xml: answer('<UserAccounts><LocalAccounts/></UserAccounts>', { pass: 'oobeSystem', component: DEPLOYMENT }),
        findings: [['misplaced', 'warning', 5, 'UserAccounts']],
      },
    ],
  },
  passes: {
    good: [
      { name: 'two passes', xml: document(`${settings('generalize', '')}\n${settings('specialize', component(NAME))}`) },
      { name: 'elements of other tools beside them', xml: document('<Extensions><File path="x"/></Extensions>') },
    ],
    bad: [
      { name: 'unknown', xml: answer(NAME, { pass: 'firstBoot' }), findings: [['unknown', 'warning', 3, /"firstBoot"$/]] },
      { name: 'in another case', xml: answer(NAME, { pass: 'oobesystem' }), findings: [['unknown', 'warning', 3, 'written oobeSystem']] },
      { name: 'without a name', xml: document(`<settings>\n${component(NAME)}</settings>`), findings: [['none', 'warning', 3]] },
      {
        name: 'two without a name are not one twice',
        xml: document('<settings/>\n<settings/>'),
        findings: [
          ['none', 'warning', 3],
          ['none', 'warning', 4],
        ],
      },
      {
        name: 'twice',
        xml: document('<settings pass="specialize"/>\n<settings pass="generalize"/>\n<settings pass="specialize"/>'),
        findings: [['twice', 'warning', 5, 'line 3']],
      },
      { name: 'a component below the root', xml: document(component(NAME)), findings: [['outside', 'warning', 3, '<component>']] },
      {
        name: 'a setting below a pass',
        xml: document(settings('specialize', NAME)),
        findings: [['outside', 'warning', 4, '<ComputerName>']],
      },
    ],
  },
  'setting-pass': {
    good: [
      { name: 'where they work', xml: answer(`${NAME}<TimeZone>UTC</TimeZone>`) },
      { name: 'an unknown pass is the matter of another check', xml: answer(NAME, { pass: 'x' }) },
      { name: 'commands of Deployment in auditUser', xml: answer(COMMAND, { pass: 'auditUser', component: DEPLOYMENT }) },
    ],
    bad: [
      {
        name: 'commands of Deployment in oobeSystem',
        xml: answer(COMMAND, { pass: 'oobeSystem', component: DEPLOYMENT }),
        findings: [['wrongPass', 'warning', 5, 'RunSynchronous cannot work in oobeSystem, only in specialize, auditUser']],
      },
      {
        name: 'several settings of the same passes are one finding',
        xml: answer('<InputLocale>en-US</InputLocale>\n<UserLocale>en-US</UserLocale>', {
          pass: 'windowsPE',
          component: PE.replace('-WinPE', ''),
        }),
        findings: [['wrongPass', 'warning', 5, 'InputLocale, UserLocale cannot work in windowsPE']],
      },
      {
        name: 'one finding for two architectures',
        xml: document(settings('oobeSystem', `${component(NAME)}\n${component(NAME, { architecture: 'x86' })}`)),
        findings: [['wrongPass', 'warning', 5, 'ComputerName']],
      },
    ],
  },
} satisfies Record<string, AnswerCases>;
