// Cases that are texts and data: keys, secrets, tickets, settings; and honest texts that look like them.
import { noise } from '../../scripts/dev/fixtures/bytes.ts';
import { decoyKey } from '../../scripts/dev/fixtures/product-id.ts';
import type { CorpusCases } from './case.ts';
import { joined } from './decoys.ts';

const anyFile = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });
const ticket = (origin: string) =>
  `<?xml version="1.0" encoding="utf-8"?><genuineAuthorization xmlns="http://www.microsoft.com/DRM/SL/GenuineAuthorization/1.0"><version>1.0</version><genuineProperties origin="${origin}"><properties>OA3xOriginalProductId=;SessionId=${joined('TwBTAE0AYQBqAG8AcgBWAGUA', 'cgBzAGkAbwBuAD0ANQA7')};TimeStampClient=2022-10-11T12:00:00Z</properties><signatures><signature name="${joined('client', 'LockboxKey')}" method="rsa-sha256">AAAA</signature></signatures></genuineProperties></genuineAuthorization>`;
export const textCases: CorpusCases = {
  refused: [
    {
      name: 'a forged ticket where it would be taken',
      rows: ['G6'],
      plant: anyFile('/ProgramData/Microsoft/Windows/ClipSVC/GenuineTicket/GenuineTicket.xml', ticket('sppclient')),
    },
    {
      name: 'a forged ticket somewhere else',
      rows: ['G6', 'E01'],
      plant: anyFile('/Users/Public/Documents/report.xml', ticket('sppclient')),
    },
    {
      name: 'the settings of an emulator',
      rows: ['G22'],
      plant: anyFile(
        '/ProgramData/relay/relay.ini',
        `${joined('Randomization', 'Level')} = 2\r\n${joined('Whitelisting', 'Level')} = 0\r\n${joined('Host', 'Build')} = 17763\r\nPort = 1688\r\n`,
      ),
    },
    {
      name: 'names of activation sent nowhere',
      rows: ['G11'],
      plant: anyFile(
        '/Windows/System32/drivers/etc/hosts',
        '127.0.0.1 localhost\r\n0.0.0.0 activation-v2.sls.microsoft.com\r\n0.0.0.0 validation-v2.sls.microsoft.com licensing.mp.microsoft.com\r\n',
      ),
    },
    {
      name: 'the right host led to the machine itself',
      rows: ['G11', 'E52'],
      plant: anyFile('/Windows/System32/drivers/etc/hosts', '127.0.0.1\tKMS.corp.example # local\r\n'),
    },
    {
      name: 'a key in a text of two bytes a letter',
      rows: ['K'],
      plant: () => anyFile('/Users/Public/serial.txt', Buffer.from(`\ufeffserial: ${decoyKey()}\r\n`, 'utf16le')),
    },
    {
      name: 'a key in a log of Setup',
      rows: ['K'],
      plant: () =>
        anyFile('/Windows/Panther/setupact.log', `2026-01-02 03:04:05, Info  [windeploy.exe] product key ${decoyKey()} taken\r\n`),
    },
    { name: 'a key for media', rows: ['K'], plant: () => anyFile('/sources/PID.txt', `[PID]\r\nValue=${decoyKey()}\r\n`) },
    {
      name: 'a key in the history of a shell',
      rows: ['K', 'G19'],
      plant: () =>
        anyFile(
          '/Users/admin/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt',
          `cscript slmgr.vbs /ipk ${decoyKey()}\r\n`,
        ),
    },
    {
      name: 'a wireless network with its passphrase',
      rows: ['S'],
      plant: anyFile(
        '/ProgramData/Microsoft/Wlansvc/Profiles/Interfaces/{8C1B3A10-0D55-4D2C-8A2F-5E2B6B1D9A77}/{1F0E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}.xml',
        '<?xml version="1.0"?><WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>corp</name><MSM><security><authEncryption><authentication>WPA2PSK</authentication></authEncryption><sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>decoy-passphrase</keyMaterial></sharedKey></security></MSM></WLANProfile>',
      ),
    },
    {
      name: 'a private key',
      rows: ['S'],
      plant: anyFile(
        '/ProgramData/ssh/ssh_host_rsa_key',
        `-----BEGIN ${joined('RSA PRIV', 'ATE KEY')}-----\n${Buffer.from(noise('pem', 300)).toString('base64')}\n-----END ${joined('RSA PRIV', 'ATE KEY')}-----\n`,
      ),
    },
  ],
  honest: [
    {
      name: 'a report about activators',
      rows: ['T01'],
      plant: anyFile(
        '/Users/Public/Documents/incident.md',
        `# Incident\n\nThe image held ${joined('vlm', 'csd')} and ${joined('KMS', 'pico')} with ${joined('SECOH', '-QAD')}.exe; the hook was removed.\n`,
      ),
    },
    {
      name: 'the published table of setup keys',
      rows: ['T02'],
      plant: anyFile(
        '/Users/Public/Documents/gvlk.md',
        '| Windows 10 Enterprise | NPPR9-FWDCX-D2C8J-H872K-2YT43 |\n| Windows 10 Education | NW6C2-QMPVW-D7KKK-3GKT6-VCFB2 |\n',
      ),
    },
    {
      name: 'a list of packages',
      rows: ['T03'],
      plant: anyFile('/usr/share/catalogue.json', `{"packages":["python3","${joined('py', '-kms')}","nginx"]}`),
    },
    {
      name: 'the interface of the service in a dissector',
      rows: ['T13', 'G4'],
      plant: anyFile(
        '/Program Files/Wireshark/plugins/kms.lua',
        `local uuid = "51c82175-844e-4750-b0d8-ec255555bc06"\nlocal p = Proto("kms", "Key Management")\n`,
      ),
    },
    {
      name: 'texts of the shape of a key',
      rows: ['T23'],
      plant: anyFile(
        '/Users/Public/Documents/serials.txt',
        'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX\nA1B2C-D3E4F-G5H6I-J7K8L-M9N0O\n{6F9619FF-8B86-D011-B42D-00C04FC964FF}\n12345-67890-12345-67890-12345\n',
      ),
    },
    {
      name: 'an empty folder for tickets',
      rows: ['T18', 'G6'],
      plant: { files: { '/ProgramData/Microsoft/Windows/ClipSVC/GenuineTicket': { folder: true } } },
    },
    {
      name: 'a hosts file with blocked telemetry',
      rows: ['T21', 'G11'],
      plant: anyFile(
        '/Windows/System32/drivers/etc/hosts',
        '# blocked\r\n127.0.0.1 localhost\r\n0.0.0.0 telemetry.example.com\r\n0.0.0.0 vortex.data.microsoft.com\r\n',
      ),
    },
    {
      name: 'a certificate',
      rows: ['S'],
      plant: anyFile('/ProgramData/ca.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'),
    },
    {
      name: 'an open wireless network',
      rows: ['S'],
      plant: anyFile(
        '/ProgramData/Microsoft/Wlansvc/Profiles/Interfaces/{8C1B3A10-0D55-4D2C-8A2F-5E2B6B1D9A77}/{2F0E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}.xml',
        '<?xml version="1.0"?><WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>guest</name><MSM><security><authEncryption><authentication>open</authentication></authEncryption></security></MSM></WLANProfile>',
      ),
    },
    {
      name: 'an emulator as a recipe for containers, without code',
      rows: ['T17', 'G23'],
      plant: anyFile(
        '/Users/dev/lab/docker-compose.yml',
        `services:\n  lab:\n    image: ${joined('py', '-kms')}\n    ports: ["1688:1688"]\n`,
      ),
    },
    {
      name: 'settings of something else',
      rows: ['G22'],
      plant: anyFile('/ProgramData/app/app.ini', 'Port = 1688\r\nLogLevel = 2\r\nHostBuild = 1\r\n'),
    },
    {
      name: 'the home of an honest tool',
      rows: ['T34'],
      plant: anyFile('/Program Files/WTG/help.url', '[InternetShortcut]\r\nURL=https://bbs.luobotou.org/wtg\r\n'),
    },
  ],
};
