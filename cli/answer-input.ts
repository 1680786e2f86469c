// Answer files from the command line: read whole, bounded, each with its own fault.
import { readFile, stat } from 'node:fs/promises';
import { FormatError } from '../formats/bytes.ts';
import { XML_MAX_BYTES } from '../formats/xml/decode.ts';
import { type AnswerFile, parseAnswerFile } from '../unattend/model.ts';

export type ReadAnswerFile =
  | { readonly path: string; readonly file: AnswerFile }
  | {
      readonly path: string;
      readonly fault: { readonly message: string; readonly line: number | undefined; readonly column: number | undefined };
    };

/** A name of a megabyte in a broken file must not become a message of a megabyte. */
const REASON_MAX = 300;

/** Never throws for what is the matter with the file: the others are still worth reading. */
export async function readAnswerFile(path: string): Promise<ReadAnswerFile> {
  const fault = (reason: string) => {
    const message = reason.length <= REASON_MAX ? reason : `${reason.slice(0, REASON_MAX)}…`;
    return { path, fault: { message: `${path}: ${message}`, ...placeIn(message) } };
  };
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) return fault('is a folder');
    if (!facts.isFile()) return fault('is not a plain file');
    if (facts.size > XML_MAX_BYTES) return fault(`is too large (${facts.size} bytes, at most ${XML_MAX_BYTES})`);
    return { path, file: parseAnswerFile(await readFile(path)) };
  } catch (error) {
    if (error instanceof FormatError) return fault(error.message);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fault(code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`);
  }
}

/** The parser says the place in its words. */
function placeIn(message: string): { line: number | undefined; column: number | undefined } {
  const [, line, column] = /\bline (\d+)(?:, column (\d+))?/.exec(message) ?? [];
  return { line: line === undefined ? undefined : Number(line), column: column === undefined ? undefined : Number(column) };
}
