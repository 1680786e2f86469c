// Files that the system starts, by who may change them, and the tasks that start them.
import type { FakeFile } from './fake-image.ts';

/** @param descriptor of the file; undefined: it has none */
export function guardedFile(descriptor: Uint8Array | undefined, content: string | Uint8Array = 'x'): FakeFile {
  return { content, ...(descriptor ? { descriptor } : {}) };
}

/** The XML of a task that runs one program, as Windows stores it. */
export function execTask(command: string, args: string, user = 'S-1-5-18', within = ''): Uint8Array {
  const xml = `\ufeff<?xml version="1.0" encoding="UTF-16"?><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Principals><Principal id="A"><UserId>${user}</UserId></Principal></Principals><Actions Context="A"><Exec><Command>${command}</Command><Arguments>${args}</Arguments><WorkingDirectory>${within}</WorkingDirectory></Exec></Actions></Task>`;
  return new Uint8Array(Buffer.from(xml, 'utf16le'));
}
