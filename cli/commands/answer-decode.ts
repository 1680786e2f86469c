// wtgforge answer decode: in what state the passwords and product keys of answer files are, without showing them.
import { type PasswordEntry, type ProductKeyEntry, passwordsOf, productKeysOf } from '../../unattend/decode.ts';
import { type ReadAnswerFile, readAnswerFile } from '../answer-input.ts';
import { type Command, EXIT, type Io } from '../command.ts';
import { printable } from '../printable.ts';

export const answerDecode: Command = {
  id: 'answer decode',
  summary: 'Show which passwords are plain, encoded, blank or wrongly encoded, and which keys are public.',
  description: `Reads only, and shows no password: not its text, not its length. "encoded" is no protection: it is Base64 of the password
and the name of its element. "wrongly-encoded" is what Setup would take for another password than was meant.
Exit status 0, whatever was found; 2: a file could not be read as an answer file (the others are shown all the same).`,
  positional: { name: 'FILE', required: true, most: Number.POSITIVE_INFINITY, description: 'Answer files to look into.' },
  options: { json: { type: 'boolean', description: 'Print the table as JSON.' } },
  async run(input, io) {
    const files: ReadAnswerFile[] = [];
    for (const path of input.positionals) {
      io.signal.throwIfAborted();
      files.push(await readAnswerFile(path));
    }
    if (input.flag('json')) {
      const shown = files.map((read) =>
        'fault' in read
          ? { path: read.path, fault: read.fault }
          : { path: read.path, passwords: passwordsOf(read.file), productKeys: productKeysOf(read.file) },
      );
      io.out(`${JSON.stringify({ schema: 'wtgforge/answer-decode@1', files: shown }, null, 2)}\n`);
    } else {
      for (const read of files) {
        if (!('fault' in read)) printEntries(read.path, passwordsOf(read.file), productKeysOf(read.file), io);
        else io.err(`wtgforge: ${printable(read.fault.message)}\n`);
      }
    }
    return files.some((read) => 'fault' in read) ? EXIT.undecided : EXIT.done;
  },
};

function printEntries(file: string, passwords: readonly PasswordEntry[], keys: readonly ProductKeyEntry[], io: Io): void {
  const { bold, dim } = io.colours;
  io.out(`${bold(printable(file))}\n`);
  if (passwords.length + keys.length === 0) io.out('  no passwords, no product keys\n');
  const rows = [
    ...passwords.map((entry) => ({ ...entry, more: entry.reason ?? suffixText(entry) })),
    ...keys.map((entry) => ({ ...entry, more: entry.edition })),
  ];
  const width = Math.max(0, ...rows.map(({ state }) => state.length));
  for (const { at, state, pass, component, path, more } of rows) {
    const place = at ? `${at.line}:${at.column}` : '-';
    const end = more === undefined ? '' : dim(`  ${printable(more)}`);
    io.out(`  ${place.padEnd(7)}  ${state.padEnd(width)}  ${printable(`${pass}  ${component}  ${path}`)}${end}\n`);
  }
}

function suffixText({ state, suffix }: PasswordEntry): string | undefined {
  return suffix !== undefined && (state === 'plain' || state === 'encoded') ? `suffix when encoded: ${suffix}` : undefined;
}
