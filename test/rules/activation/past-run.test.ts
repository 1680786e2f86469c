// Traces of an activator that ran: one kind is weak, two are strong; what administrators do is none.
import { test } from 'uvu';
import { pastRun } from '../../../rules/activation/past-run.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const HISTORY = '/Users/admin/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt';
const LOG = '/ProgramData/Microsoft/Windows Defender/Support/MPLog-20260101-000000.log';
// In pieces, so that this file tells of nothing itself.
const TOOL = ['KMS', 'ELDI'].join('');
const PREFETCH = `/Windows/Prefetch/${TOOL}.EXE-0A1B2C3D.pf`;
const THREAT = ['HackTool:Win32/Auto', 'KMS'].join('');
const ACTIVATES = 'Get-Date\nslmgr /skms kms.evil.example\n';
const POLICY = { kmsHosts: ['kms.corp.example'] };

windowsRuleTester(pastRun, {
  good: [
    {
      name: 'what administrators type',
      policy: POLICY,
      image: { files: { [HISTORY]: 'slmgr /dlv\nslmgr /skms kms.corp.example\nslmgr /ato\nGet-Service\n' } },
    },
    {
      name: 'programs of Windows, and one that manages keys of another kind',
      image: {
        files: {
          '/Windows/Prefetch/SPPSVC.EXE-0A1B2C3D.pf': 'x',
          '/Windows/Prefetch/CLOUDKMSAGENT.EXE-0A1B2C3D.pf': 'x',
          '/Windows/Prefetch/SLMGR.EXE-0A1B2C3D.pf': 'x',
        },
      },
    },
    { name: 'a log of Defender without such a find', image: { files: { [LOG]: 'Threat Name:Virus:DOS/EICAR_Test_File\r\n' } } },
    {
      name: 'folders of such names',
      image: { files: { [PREFETCH]: { folder: true }, [HISTORY]: { folder: true }, [LOG]: { folder: true } } },
    },
    { name: 'the name of such a program elsewhere', image: { files: { [`/docs/${TOOL}.EXE-0A1B2C3D.pf`]: 'x', '/a.txt': THREAT } } },
  ],
  bad: [
    { name: 'typed', image: { files: { [HISTORY]: ACTIVATES } }, findings: [{ messageId: 'typed', at: { file: HISTORY }, level: 'weak' }] },
    {
      name: 'a transcript in two bytes a letter',
      image: {
        files: { '/Users/a/Documents/PowerShell_transcript.PC.1.txt': new Uint8Array(Buffer.from(`\ufeff${ACTIVATES}`, 'utf16le')) },
      },
      findings: [{ messageId: 'typed', at: { file: '/Users/a/Documents/PowerShell_transcript.PC.1.txt' }, level: 'weak' }],
    },
    {
      name: 'prefetched',
      image: { files: { [PREFETCH]: 'MAM' } },
      findings: [{ messageId: 'prefetched', at: { file: PREFETCH }, level: 'weak', says: TOOL }],
    },
    ...['/ProgramData/Microsoft/Windows Defender/Support/MPDetection-20260101.log', '/Windows.old/Support/MPLog-20260101.log'].map(
      (path) => ({
        name: `detected, in another log: ${path}`,
        image: { files: { [path]: `Threat Name:${THREAT}\r\n` } },
        findings: [{ messageId: 'detected', at: { file: path }, says: THREAT }],
      }),
    ),
    {
      name: 'detected, in two bytes a letter',
      image: { files: { [LOG]: new Uint8Array(Buffer.from(`\ufeffThreat Name:${THREAT}\r\n`, 'utf16le')) } },
      findings: [{ messageId: 'detected', at: { file: LOG }, level: 'weak', says: THREAT }],
    },
    ...[
      ...[
        'AUTO|KMS',
        'SERVICE_|KMSELDI',
        'MINI|KMS',
        'KMS',
        'KMS|ELDI',
        'KMS|PICO',
        'KMS|AUTO',
        'KMS|SS',
        'KMS|CLEANER',
        'KMS|SERVER',
        'KMS|TOOLS',
        'KMS|OFFLINE',
      ],
      ...[
        'MY KMS',
        'KMS_X',
        'AUTO|PICO',
        'SECOH|-QAD',
        'HEU_|KMS11',
        'AA|CT',
        'AA|CT_X64',
        'VLM|CSD',
        'VLM|CS',
        'TUN|MIRROR',
        'TUN|MIRROR2',
        'GATHEROS|STATE',
      ],
      ...['GATHEROS|STATEMODIFIED', 'SPPEXTCOMOBJ|PATCHER', 'TS|FORGE', 'TS|FORGECLI', 'W10DIGITAL|ACTIVATION1'],
    ].map((parts) => {
      const path = `/Windows/Prefetch/${parts.replace('|', '')}.EXE-0A1B2C3D.pf`;
      return {
        name: `prefetched: ${parts}`,
        image: { files: { [path]: 'MAM' } },
        findings: [{ messageId: 'prefetched', at: { file: path } }],
      };
    }),
    ...['Keygen', 'Wpa|kill', 'Patcher', 'MASActiv|ator', 'my|KMS_x'].map((name) => ({
      name: `detected: ${name}`,
      image: { files: { [LOG]: `Threat Name:HackTool:Win64/${name.replace('|', '')} x` } },
      findings: [{ messageId: 'detected', at: { file: LOG } }],
    })),
    ...(
      [
        [HISTORY, Buffer.alloc(16 * 1024 * 1024 + 1, 0x0a)],
        [LOG, Buffer.alloc(33 * 1024 * 1024)],
      ] as const
    ).map(([path, content]) => ({
      name: `what is too large to be looked at: ${content.length} bytes`,
      image: { files: { [path]: content } },
      findings: [],
      unable: 'is too large to be looked at',
    })),
    {
      name: 'two kinds',
      image: { files: { [HISTORY]: ACTIVATES, [PREFETCH]: 'MAM' } },
      findings: [
        { messageId: 'typed', at: { file: HISTORY }, level: 'strong' },
        { messageId: 'prefetched', at: { file: PREFETCH }, level: 'strong' },
      ],
    },
  ],
});

test.run();
