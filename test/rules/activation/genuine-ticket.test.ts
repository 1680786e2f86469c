// The rule activation/genuine-ticket: empty folders and honest XML, tickets by their content, and whatever waits to be taken.
import { test } from 'uvu';
import { genuineTicket } from '../../../rules/activation/genuine-ticket.ts';
import { ticketText } from '../../helpers/make-ticket.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const CLIP = '/ProgramData/Microsoft/Windows/ClipSVC';
const FORGED = { session: 'OSMajorVersion=5;OSMinorVersion=1;OSPlatformId=2;PP=0;' };

ruleTester(genuineTicket, {
  good: [
    {
      name: 'the empty folder and the tokens',
      image: { files: { [`${CLIP}/GenuineTicket`]: { folder: true }, [`${CLIP}/tokens.dat`]: 'x' } },
    },
    {
      name: 'other XML, an article about tickets, the tool on media',
      image: {
        files: {
          '/a.xml': '<a/>',
          '/ticket.md': 'genuineAuthorization is the root.',
          '/sources/gatherosstate.exe': 'MZ',
          '/x/gatherosstate.exe': '',
          '/$WINDOWS.~BT/Sources/gatherosstate.exe': 'MZ',
          '/Windows.old/media/sources/gatherosstate.exe': 'MZ',
        },
      },
    },
    {
      name: 'folders of such names, and XML that is too large to be a ticket',
      image: {
        files: {
          [`${CLIP}/GenuineTicket/sub`]: { folder: true },
          '/Tools/gatherosstate.exe': { folder: true },
          '/data/large.xml': Buffer.alloc(33 * 1024 * 1024, 0x20),
        },
      },
    },
  ],
  bad: [
    {
      name: 'a ticket that is handed round, where it is taken and under another name',
      image: {
        files: {
          [`${CLIP}/GenuineTicket/GenuineTicket.xml`]: ticketText(FORGED),
          '/Users/Public/report.xml': new Uint8Array(Buffer.from(`\ufeff${ticketText(FORGED)}`, 'utf16le')),
        },
      },
      findings: [
        { messageId: 'forged', at: { file: `${CLIP}/GenuineTicket/GenuineTicket.xml` }, says: 'Windows XP' },
        { messageId: 'forged', at: { file: '/Users/Public/report.xml' } },
      ],
    },
    {
      name: 'a ticket of one machine',
      image: { files: { '/backup/GenuineTicket': ticketText({}) } },
      findings: [{ messageId: 'ticket', at: { file: '/backup/GenuineTicket' } }],
    },
    {
      name: 'any file where tickets are taken from',
      image: { files: { [`${CLIP}/Install/Migration/a.bin`]: 'x', [`${CLIP}/GenuineTicket/b.bin`]: 'x' } },
      findings: [
        { messageId: 'waiting', at: { file: `${CLIP}/Install/Migration/a.bin` } },
        { messageId: 'waiting', at: { file: `${CLIP}/GenuineTicket/b.bin` } },
      ],
    },
    {
      name: 'the tool that gathers them',
      image: { files: { '/Temp/GatherOSState.exe': 'MZ' } },
      findings: [{ messageId: 'tool', at: { file: '/Temp/GatherOSState.exe' } }],
    },
  ],
});

test.run();
