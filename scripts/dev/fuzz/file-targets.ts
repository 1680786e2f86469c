// Targets on files: programs, shell links, the structures of a WIM, scripts, task files, descriptors.
import { parsePe } from '../../../formats/pe/facts.ts';
import { isPe } from '../../../formats/pe/headers.ts';
import { normaliseScript, type ScriptLanguage } from '../../../formats/script/normalise.ts';
import { parseDescriptor } from '../../../formats/security-descriptor/parse.ts';
import { isShellLink, parseShellLink } from '../../../formats/shell-link/parse.ts';
import { parseTaskFile } from '../../../formats/task-xml/task.ts';
import { BlobTable } from '../../../formats/wim/blob-table.ts';
import { EntryTable } from '../../../formats/wim/entry-table.ts';
import { parseHeader } from '../../../formats/wim/header.ts';
import { parseWimXml } from '../../../formats/wim/xml.ts';
import { peFile } from '../fixtures/bytes.ts';
import { encodeDescriptor, parseSddl } from '../fixtures/descriptor.ts';
import { taskFile } from '../fixtures/tasks.ts';
import { linkInputs, peInputs, realInputs, wimInputs } from './inputs.ts';
import { mutated, mutateInPlace } from './mutate.ts';
import type { Random } from './random.ts';
import { orRefused } from './refused.ts';
import type { Target } from './target.ts';

const text = (words: string) => new Uint8Array(Buffer.from(words));

/** Mostly behind the first bytes, which are signature and sizes. */
function behind(head: number) {
  return (input: Uint8Array, random: Random, inputs: readonly Uint8Array[]): Uint8Array => {
    if (random.once(4)) return mutated(input, random, inputs);
    const bytes = input.slice();
    mutateInPlace(bytes, random, random.once(10) ? 0 : Math.min(head, bytes.length));
    return bytes;
  };
}

export const peTarget: Target = {
  id: 'pe',
  sources: ['formats/pe/'],
  inputs: async () => [new Uint8Array(peFile('a.dll')), new Uint8Array(peFile('b.exe', undefined, { wide: false })), ...(await peInputs())],
  change: behind(0x40),
  run(input) {
    if (!isPe(input)) return false;
    parsePe(input);
    return true;
  },
};

export const linkTarget: Target = {
  id: 'shell-link',
  sources: ['formats/shell-link/'],
  inputs: linkInputs,
  change: behind(20),
  run(input) {
    if (!isShellLink(input)) return false;
    parseShellLink(input);
    return true;
  },
};

export const wimTarget: Target = {
  id: 'wim-metadata',
  sources: [
    'formats/wim/read-entries.ts',
    'formats/wim/entry-bytes.ts',
    'formats/wim/entry-table.ts',
    'formats/wim/short-rows.ts',
    'formats/wim/security-data.ts',
    'formats/wim/name.ts',
  ],
  inputs: async () => (await wimInputs()).metadata,
  change: behind(8),
  run(input) {
    if (input.length < 16) return false;
    const whole = new EntryTable(input);
    whole.tree();
    const short = new EntryTable(input, NO_BLOBS);
    for (let entry = 0; entry < whole.count; entry++)
      if (saidOf(short, entry) !== saidOf(whole, entry)) throw new Error(`entry ${entry} says something else in the short form`);
    return true;
  },
};

/** Every digest is one that no blob has. */
const NO_BLOBS = new BlobTable(new Uint8Array());

function saidOf(table: EntryTable, entry: number): string {
  const { digest, streams } = table.placed(entry);
  const digests = [digest, ...streams.map((stream) => stream.digest)].map((ref) => table.digestOf(ref));
  const names = [table.name(entry), table.shortName(entry), ...streams.map(({ name }) => name)];
  const numbers = [table.attributes(entry), table.securityId(entry), table.parent(entry), ...table.children(entry)];
  return JSON.stringify([names, digests, numbers, table.reparse(entry), String(table.linkGroup(entry)), table.linkMark(entry)]);
}

/** Each entry of a blob table. */
function blobsOf(data: Uint8Array): void {
  const table = new BlobTable(data);
  for (let row = 0; row < table.count; row++) table.entry(row);
}

export const wimFrameTarget: Target = {
  id: 'wim-frame',
  sources: ['formats/wim/header.ts', 'formats/wim/blob-table.ts', 'formats/wim/xml.ts', 'formats/wim/resource-header.ts'],
  inputs: async () => (await wimInputs()).frames,
  change: behind(0),
  run(input) {
    for (const parse of [parseHeader, blobsOf, parseWimXml]) orRefused(() => parse(input));
    return input.length >= 50;
  },
};

const LANGUAGES: readonly ScriptLanguage[] = ['batch', 'powershell', 'vbscript', 'jscript', 'unknown'];
const WORDS = [
  '%a%',
  '^',
  '!b:~1,2!',
  'set x=',
  '"',
  "'+'",
  '`',
  ' -enc ',
  'AAAA',
  '%%~dp0',
  '\r\n',
  'FromBase64String("',
  ')',
  'Chr(65)&',
  '\0',
  '%x:a=b%',
  '@{',
  '&',
];

export const scriptTarget: Target = {
  id: 'script',
  sources: ['formats/script/'],
  async inputs() {
    const encoded = Buffer.from('slmgr /ato', 'utf16le').toString('base64');
    return [
      text('@echo off\r\nset a=sl\r\nset b=mgr\r\n%a%%b% /at^o\r\nfor %%i in (1 2) do call :x %%i\r\n:x\r\nset "c=%b:~0,2%"\r\n'),
      text(
        `powershell -NoP -e ${encoded}\r\n$x = 'a' + 'b'; i\`ex ([Text.Encoding]::Unicode.GetString([Convert]::FromBase64String("${encoded}")))`,
      ),
      text('Dim a\r\na = "sl" & Chr(109) & "gr"\r\nExecute(a)\r\n'),
      text('var a = "x" + String.fromCharCode(65, 66); eval(a);'),
      new Uint8Array(Buffer.from('\ufeffset a=b\r\n%a%', 'utf16le')),
    ];
  },
  change(input, random, inputs) {
    const bytes = mutated(input, random, inputs);
    const at = random.below(bytes.length + 1);
    const word = text(
      Array.from({ length: random.below(6) }, () => random.pick(WORDS))
        .join('')
        .repeat(random.once(50) ? 500 : 1),
    );
    return new Uint8Array(Buffer.concat([bytes.subarray(0, at), word, bytes.subarray(at)]));
  },
  run(input) {
    normaliseScript(input, LANGUAGES[input.length % LANGUAGES.length]!);
    return input.length > 0;
  },
};

export const taskFileTarget: Target = {
  id: 'task-xml',
  sources: ['formats/task-xml/', 'formats/xml/parse.ts', 'formats/xml/decode.ts'],
  inputs: async () => [
    new Uint8Array(taskFile({ path: '\\T', trigger: 'event', principal: 'S-1-5-18', action: 'cmd.exe /c a b' })),
    ...(await realInputs('tasks/permissive')),
  ],
  change: behind(40),
  run(input) {
    parseTaskFile(input);
    return true;
  },
};

export const descriptorTarget: Target = {
  id: 'security-descriptor',
  sources: ['formats/security-descriptor/parse.ts'],
  inputs: async () =>
    ['O:SYG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;AU)', 'O:BAG:BAD:PAI(A;OICI;FA;;;SY)(D;;FA;;;WD)'].map(
      (sddl) => new Uint8Array(encodeDescriptor(parseSddl(sddl))),
    ),
  change: behind(4),
  run(input) {
    if (input.length < 20 || input[0] !== 1) return false;
    parseDescriptor(input);
    return true;
  },
};
