// The Actions value of a task in the registry: what the task does. The task service acts on it, not on the XML file.
import { Blob } from './blob.ts';

/** The task service takes 32 actions; a blob with more than this is made to keep a reader busy. */
export const ACTIONS_MAX = 4096;
/** Attachments and headers of a mail. */
const ITEMS_MAX = 4096;

export type CachedAction =
  | { readonly kind: 'exec'; readonly id: string; readonly command: string; readonly arguments: string; readonly workingDirectory: string }
  | { readonly kind: 'com'; readonly id: string; readonly classId: string; readonly data: string }
  | { readonly kind: 'mail'; readonly id: string; readonly server: string; readonly to: string; readonly subject: string }
  | { readonly kind: 'message'; readonly id: string; readonly title: string; readonly body: string };

export interface CachedActions {
  /** Id of the principal that the actions run as; '' before version 3. */
  readonly context: string;
  readonly actions: readonly CachedAction[];
}

/** @throws FormatError for what the task service could not read either */
export function parseActions(data: Uint8Array): CachedActions {
  const blob = new Blob(data);
  const version = blob.u16();
  if (version < 1 || version > 3) blob.fail(`version ${version} is not known`);
  const context = version === 3 ? blob.text() : '';
  const actions: CachedAction[] = [];
  while (!blob.done) {
    if (actions.length >= ACTIONS_MAX) blob.fail(`holds more than ${ACTIONS_MAX} actions`);
    actions.push(readAction(blob, version));
  }
  return { context, actions };
}

function readAction(blob: Blob, version: number): CachedAction {
  const magic = blob.u16();
  const id = blob.text();
  switch (magic) {
    case 0x6666: {
      const [command, args, workingDirectory] = [blob.text(), blob.text(), blob.text()];
      if (version === 3) blob.skip(2); // flags
      return { kind: 'exec', id, command, arguments: args, workingDirectory };
    }
    case 0x7777:
      return { kind: 'com', id, classId: guidText(blob.take(16)), data: blob.text() };
    case 0x8888:
      return readMail(blob, id);
    case 0x9999:
      return { kind: 'message', id, title: blob.text(), body: blob.text() };
    default:
      return blob.fail(`action of kind 0x${magic.toString(16)} is not known`);
  }
}

function readMail(blob: Blob, id: string): CachedAction {
  const texts = Array.from({ length: 8 }, () => blob.text()); // from, to, cc, bcc, reply-to, server, subject, body
  for (const width of [1, 2]) {
    const count = blob.u32(); // attachments, then headers of a name and a value each
    if (count > ITEMS_MAX) blob.fail(`mail with ${count} parts`);
    for (let part = 0; part < count * width; part++) blob.text();
  }
  return { kind: 'mail', id, to: texts[1]!, server: texts[5]!, subject: texts[6]! };
}

/** `{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}` from 16 bytes, the first three groups little-endian. */
function guidText(bytes: Uint8Array): string {
  const hex = (from: number, to: number, swap: boolean) => {
    const part = [...bytes.subarray(from, to)];
    return (swap ? part.reverse() : part).map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  return `{${hex(0, 4, true)}-${hex(4, 6, true)}-${hex(6, 8, true)}-${hex(8, 10, false)}-${hex(10, 16, false)}}`;
}
