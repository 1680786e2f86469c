// Data of KMS emulators in files of any name; manuals, logs and the ids of Windows itself beside them.
import { test } from 'uvu';
import { emulatorData } from '../../../rules/activation/emulator-data.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

// In pieces, so that this file holds none of it.
const [DRAWN, TAKEN, ANSWERED, BUILD] = [
  `Randomization${'Level'}`,
  `Whitelisting${'Level'}`,
  `PublicIP${'ProtectionLevel'}`,
  `Host${'Build'}`,
];
const id = (serial: number) => `03612-00206-271-${String(serial).padStart(6, '0')}-${'03'}-1033-17763.${'0000'}-1652019`;
const at = (file: string, offset: number) => ({ file, offset });

windowsRuleTester(emulatorData, {
  good: [
    { name: 'one of the words', image: { files: { '/app/app.ini': `${BUILD} = 17763\n` } } },
    { name: 'two that are not telling', image: { files: { '/app/app.ini': `${BUILD} = 17763\n${BUILD} = 1\n` } } },
    { name: 'a manual', image: { files: { '/docs/manual.md': `${DRAWN} and ${TAKEN} say how it answers` } } },
    { name: 'one id, as a log of Windows holds its own', image: { files: { '/Windows/Panther/setupact.log': `pid ${id(12)}` } } },
    {
      name: 'a hive with ids',
      image: {
        files: { '/Windows/System32/config/RegBack/SOFTWARE': Buffer.concat([Buffer.from('regf'), Buffer.from(id(1) + id(2), 'utf16le')]) },
      },
    },
    { name: 'other lists', image: { files: { '/a.xml': '<KmsItems/><Csvlk/>' } } },
  ],
  bad: [
    {
      name: 'settings',
      image: { files: { '/ProgramData/r.ini': `${DRAWN} = 2\r\n${BUILD} = 17763\r\n` } },
      findings: [{ messageId: 'found', at: at('/ProgramData/r.ini', 0), severity: 'error' }],
    },
    {
      name: 'settings in a program without an ending, two bytes a letter',
      image: { files: { '/Windows/relay': Buffer.from(`xx${TAKEN.toUpperCase()} ${DRAWN}`, 'utf16le') } },
      findings: [{ messageId: 'found', at: at('/Windows/relay', 4), severity: 'error' }],
    },
    ...[DRAWN, TAKEN, ANSWERED].map((word) => ({
      name: `settings that say how it answers: ${word}`,
      image: { files: { '/ProgramData/r.ini': `${word} = 1\r\n${BUILD} = 17763\r\n` } },
      findings: [{ messageId: 'found', at: at('/ProgramData/r.ini', 0), severity: 'error' as const }],
    })),
    {
      name: 'a product list',
      image: { files: { '/ProgramData/db.xml': `<a><Csvlk${'Item'} EPid="1"/><Kms${'Item'}/></a>` } },
      findings: [{ messageId: 'found', at: at('/ProgramData/db.xml', 3), severity: 'error' }],
    },
    {
      name: 'ids of hosts in a script',
      image: { files: { '/a/server.py': `IDS = ["${id(7)}", "${id(8)}"]` } },
      findings: [{ messageId: 'found', at: { file: '/a/server.py' }, severity: 'error' }],
    },
    {
      name: 'ids of hosts in a log',
      image: { files: { '/a/server.log': `${id(7)}\n${id(8)}\n` } },
      findings: [{ messageId: 'quoted', at: { file: '/a/server.log' }, severity: 'warning' }],
    },
    {
      name: 'settings in a stream',
      image: { files: { '/a.txt': { content: 'x', streams: { 'c.ini': `${DRAWN}=1 ${TAKEN}=1` } } } },
      findings: [{ messageId: 'found', at: { file: '/a.txt', stream: 'c.ini', offset: 0 }, severity: 'error' }],
    },
  ],
});

test.run();
