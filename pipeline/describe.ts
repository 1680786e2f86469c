// Changes as plain data for reports and plans: what was there, what comes; values shortened, secrets never.
import { bufferOf } from '../formats/bytes.ts';
import type { Bounded, Change } from '../image/draft.ts';
import type { StoredValue } from '../image/image.ts';
import { showValue, storedValue, typeOf } from '../image/registry-value.ts';
import { describeXml, type PartChange, type XmlForm } from './describe-xml.ts';

/** One change as plans and reports show it; docs/plan-and-report.md is its description for users. */
export interface ChangeDescription {
  readonly step: string;
  readonly kind: Change['kind'];
  /** `/Windows/…` for a file, `SOFTWARE\\Key!Name` for a value, `SOFTWARE\\Key` for a key. */
  readonly at: string;
  /** Absent where nothing was there. */
  readonly before?: string;
  /** Absent where nothing is there afterwards. */
  readonly after?: string;
  /** Of a registry value: `REG_SZ`; for a removed one that of the old value. */
  readonly type?: string;
  /** Of a registry value that changes its type. */
  readonly typeBefore?: string;
  /** What kind of XML the file is; then `parts` are its nodes. */
  readonly form?: XmlForm;
  /** What changes inside: nodes of an XML file, values of a removed key, files of a removed folder. */
  readonly parts?: readonly PartChange[];
  /** How many more parts there are than are listed. */
  readonly moreParts?: number;
}

/** How a secret is shown, whatever its length. */
const SECRET = '(holds a secret)';

/** @param secrets what the steps so far revealed: nothing that holds one of them is shown */
export function describeChange(change: Change, secrets: readonly string[] = []): ChangeDescription {
  const { step, kind } = change;
  const shown = (stored: StoredValue) => (secrets.some((secret) => holds(stored, secret)) ? SECRET : showValue(stored));
  switch (kind) {
    case 'write': {
      const inside = describeXml(change.xml?.before, change.xml?.after);
      return {
        step,
        kind,
        at: change.path,
        ...(change.before ? { before: change.before.secret ? SECRET : sizeText(change.before.size) } : {}),
        after: change.secret ? SECRET : sizeText(change.size),
        ...(inside ? { form: inside.form, parts: inside.parts.map((part) => withoutSecrets(part, secrets)) } : {}),
      };
    }
    case 'remove': {
      const { path, folder, files, xml } = change;
      const size = files.entries.reduce((sum, file) => sum + file.size, 0);
      const count = files.entries.length + files.more;
      const inside = describeXml(xml?.before, undefined);
      const parts = folder ? files.entries.map((file) => ({ at: file.path, before: sizeText(file.size) })) : inside?.parts;
      return {
        step,
        kind,
        at: path,
        before: folder ? `folder with ${counted(count, 'file')}` : sizeText(size),
        ...(inside && !folder ? { form: inside.form } : {}),
        ...(parts ? { parts } : {}),
        ...moreOf(folder ? files : undefined),
      };
    }
    case 'set-value': {
      const stored = storedValue(change.name, change.value);
      const { before } = change;
      return {
        step,
        kind,
        at: place(change),
        type: typeOf(stored),
        ...(before ? { before: shown(before) } : {}),
        ...(before && before.type !== stored.type ? { typeBefore: typeOf(before) } : {}),
        after: change.secret ? SECRET : shown(stored),
      };
    }
    case 'delete-value':
      return { step, kind, at: place(change), type: typeOf(change.before), before: shown(change.before) };
    case 'make-key':
      return { step, kind, at: `${change.hive}\\${change.key}`, after: 'key' };
    case 'remove-key': {
      const { hive, key, values } = change;
      const parts = values.entries.map(({ key: at, value }) => ({
        at: place({ hive, key: at, name: value.name }),
        before: `${typeOf(value)} ${shown(value)}`,
      }));
      const before = `key with ${counted(values.entries.length + values.more, 'value')}`;
      return { step, kind, at: `${hive}\\${key}`, before, ...(parts.length > 0 ? { parts } : {}), ...moreOf(values) };
    }
  }
}

function moreOf(list: Bounded<unknown> | undefined): { readonly moreParts?: number } {
  return list && list.more > 0 ? { moreParts: list.more } : {};
}

function withoutSecrets(part: PartChange, secrets: readonly string[]): PartChange {
  const shown = (text: string) => (secrets.some((secret) => text.includes(secret)) ? SECRET : text);
  return {
    ...part,
    ...(part.before === undefined ? {} : { before: shown(part.before) }),
    ...(part.after === undefined ? {} : { after: shown(part.after) }),
  };
}

/** As text of Windows and as bytes. */
function holds({ raw }: StoredValue, secret: string): boolean {
  const bytes = bufferOf(raw);
  return bytes.includes(Buffer.from(secret, 'utf16le')) || bytes.includes(Buffer.from(secret, 'utf8'));
}

function sizeText(size: number): string {
  return counted(size, 'byte');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function place(change: { readonly hive: string; readonly key: string; readonly name: string }): string {
  return `${change.hive}\\${change.key}!${change.name === '' ? '(default)' : change.name}`;
}
