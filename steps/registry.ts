// Sets, deletes and removes registry keys and values of the author's choice, typed in the config or from .reg files.
import { FormatError } from '../formats/bytes.ts';
import { nameFault } from '../formats/hive/reg-text.ts';
import { upcase } from '../formats/hive/upcase.ts';
import { parseRegFile, REG_VALUE_MAX } from '../formats/reg-file/parse.ts';
import { REG_FILE_MAX_BYTES } from '../formats/reg-file/text.ts';
import type { Draft } from '../image/draft.ts';
import type { Hive, HiveName, RegistryValue } from '../image/image.ts';
import { DEFAULT_USER, registryPlace } from '../image/registry-path.ts';
import { storedValue, valueFault } from '../image/registry-value.ts';
import type { Resolved } from '../pipeline/options.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

const KEY = '[^\\\\]{1,255}(?:\\\\[^\\\\]{1,255}){0,511}';
const NAME = '[^\\0\\r\\n]{0,16383}';
const options = {
  files: { type: 'string[]', description: "Paths of .reg files, from the config's folder, in order", default: [] },
  removeKeys: { type: 'string[]', description: 'Keys that go with all below them', default: [], pattern: KEY },
  removeValues: {
    type: 'object[]',
    description: 'Values that go',
    default: [],
    fields: {
      key: { type: 'string', description: 'The key, root first: "HKLM\\SOFTWARE\\…"', required: true, pattern: KEY },
      name: { type: 'string', description: 'Name of the value; without it the default value', default: '', pattern: NAME },
    },
  },
  values: {
    type: 'object[]',
    description: 'Values to set, each with exactly one of text, expand, list, dword, qword, binary, secret',
    default: [],
    fields: {
      key: { type: 'string', description: 'The key, root first: "HKLM\\SOFTWARE\\…"', required: true, pattern: KEY },
      name: { type: 'string', description: 'Name of the value; without it the default value', default: '', pattern: NAME },
      text: { type: 'string', description: 'REG_SZ' },
      expand: { type: 'string', description: 'REG_EXPAND_SZ' },
      list: { type: 'string[]', description: 'REG_MULTI_SZ' },
      dword: { type: 'integer', description: 'REG_DWORD', min: 0, max: 0xffffffff },
      qword: { type: 'string', description: 'REG_QWORD, decimal or 0x…', pattern: '[0-9]{1,20}|0x[0-9A-Fa-f]{1,16}' },
      binary: { type: 'string', description: 'REG_BINARY, two hex digits a byte', pattern: '(?:[0-9A-Fa-f]{2})*' },
      secret: { type: 'secret', description: 'REG_SZ whose text is read from a reference and shown nowhere' },
    },
  },
  currentUser: {
    type: 'string',
    description: 'What HKEY_CURRENT_USER means: refuse, or the profile that every new user gets',
    oneOf: ['refuse', 'default-user'],
    default: 'refuse',
  },
} as const;

type Settings = Resolved<typeof options>;

/** What is wanted of one key; `wiped`: nothing else stays there. */
interface Wish {
  readonly key: string;
  wiped: boolean;
  made: boolean;
  /** By upper-case name; undefined: the value goes. */
  readonly values: Map<string, { readonly name: string; readonly value: RegistryValue | undefined; readonly secret: boolean }>;
}

/** By upper-case key. */
type Wishes = Map<string, Wish>;

export const registry = defineStep({
  id: 'registry',
  title: 'Set registry values of your own',
  description: `Typed values, or .reg files as regedit exports them (UTF-16, or ASCII; version 5.00 and REGEDIT4; hex on several lines, deletions, default
values). They are read by a parser of our own with bounds, and every mistake is told with its line. First the files in their order, then
\`removeKeys\`, \`removeValues\` and \`values\`; what comes later wins.

| key begins with | lies in |
| --- | --- |
| \`HKLM\\SOFTWARE\`, \`HKCR\` | \`Windows\\System32\\config\\SOFTWARE\` |
| \`HKLM\\SYSTEM\` | \`Windows\\System32\\config\\SYSTEM\`; \`CurrentControlSet\` is the set that \`Select\\Default\` names |
| \`HKU\\.DEFAULT\`, \`HKU\\S-1-5-18\` | \`Windows\\System32\\config\\DEFAULT\`: the local system, not the new users |
| \`HKU\\S-1-5-19\`, \`HKU\\S-1-5-20\` | the profiles of LocalService and NetworkService |
| \`HKCU\` | with \`currentUser: 'default-user'\` \`Users\\Default\\NTUSER.DAT\`, which Windows copies for each new user |
| \`/path/of/a/hive\` | that file of the image |

Refused are the hives SAM, SECURITY and COMPONENTS, keys of any other root, and values over ${REG_VALUE_MAX} bytes, which Windows keeps in pieces that
hivexregedit does not write. The types are those of settings: REG_NONE, REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD.
A key that is removed and made again in one file is left with what the file says and nothing else.`,
  options,
  skip(_image, { files, removeKeys, removeValues, values }) {
    return files.length + removeKeys.length + removeValues.length + values.length === 0
      ? 'the config names no key and no value'
      : undefined;
  },
  async run(draft, settings, ctx) {
    const wishes = await wishesOf(draft, settings, ctx);
    for (const [hive, keys] of wishes) {
      const stored = await draft.hive(hive);
      for (const wish of keys.values()) if (wish.wiped) await clear(draft, stored, hive, wish, keys);
      for (const wish of keys.values()) await grant(draft, hive, wish);
    }
  },
});

async function wishesOf(draft: Draft, settings: Settings, ctx: StepContext): Promise<ReadonlyMap<HiveName, Wishes>> {
  const system = (await draft.has('/Windows/System32/config/SYSTEM')) ? await draft.hive('SYSTEM') : undefined;
  const wishes = new Map<HiveName, Wishes>();
  const user = settings.currentUser === 'default-user' ? DEFAULT_USER : undefined;
  const find = (path: string, where: string) => {
    const found = registryPlace(path, system, user);
    if ('fault' in found) return ctx.fail(`${where}${path}: ${found.fault}`);
    const { hive, key } = found.place;
    const fault = nameFault(key) ?? (key.includes(']') ? 'holds a "]"' : undefined);
    if (fault) return ctx.fail(`${where}${JSON.stringify(path)}: a name ${fault}, which cannot be written`);
    const keys = wishes.get(hive) ?? new Map<string, Wish>();
    wishes.set(hive, keys);
    return { key, keys };
  };
  for (const file of settings.files) {
    const bytes = await ctx.host.read(file, REG_FILE_MAX_BYTES);
    for (const operation of parsed(bytes, file, ctx)) {
      const where = `${file}, line ${operation.line}: `;
      const { key, keys } = find(operation.key, where);
      if (operation.kind === 'remove-key') wipe(keys, key, () => ctx.fail(`${where}${operation.key}: is the root of a hive, which stays`));
      else if (operation.kind === 'make-key') wishAt(keys, key).made = true;
      else {
        const value = operation.kind === 'set-value' ? operation.value : undefined;
        wishAt(keys, key).values.set(upcase(operation.name), { name: operation.name, value, secret: false });
      }
    }
  }
  for (const path of settings.removeKeys) {
    const { key, keys } = find(path, '');
    wipe(keys, key, () => ctx.fail(`${path}: is the root of a hive, which stays`));
  }
  for (const { key: path, name } of settings.removeValues) {
    const { key, keys } = find(path, '');
    wishAt(keys, key).values.set(upcase(name), { name, value: undefined, secret: false });
  }
  for (const given of settings.values) {
    const { key, keys } = find(given.key, '');
    const value = await checkedValue(given, ctx);
    wishAt(keys, key).values.set(upcase(given.name), { name: given.name, value, secret: given.secret !== undefined });
  }
  return wishes;
}

function parsed(bytes: Uint8Array, file: string, ctx: StepContext) {
  try {
    return parseRegFile(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${file}: ${error.message}`, 'Mend that line, or export the key with regedit again.');
  }
}

const FORMS = ['text', 'expand', 'list', 'dword', 'qword', 'binary', 'secret'] as const;

async function checkedValue(given: Settings['values'][number], ctx: StepContext): Promise<RegistryValue> {
  const place = `${given.key}!${given.name === '' ? '(default)' : given.name}`;
  const forms = FORMS.filter((form) => given[form] !== undefined);
  if (forms.length !== 1) ctx.fail(`${place}: needs exactly one of ${FORMS.join(', ')} (has ${forms.join(', ') || 'none'})`);
  const value = await typed(given, ctx);
  const fault = valueFault(value);
  if (fault !== undefined) ctx.fail(`${place}: ${fault}`);
  const size = storedValue(given.name, value).raw.length;
  if (size > REG_VALUE_MAX) ctx.fail(`${place}: has a value of ${size} bytes (at most ${REG_VALUE_MAX} can be written)`);
  return value;
}

async function typed(
  { text, expand, list, dword, qword, binary, secret }: Settings['values'][number],
  ctx: StepContext,
): Promise<RegistryValue> {
  if (secret) return { type: 'REG_SZ', data: await ctx.reveal(secret) };
  if (text !== undefined) return { type: 'REG_SZ', data: text };
  if (expand !== undefined) return { type: 'REG_EXPAND_SZ', data: expand };
  if (list !== undefined) return { type: 'REG_MULTI_SZ', data: list };
  if (dword !== undefined) return { type: 'REG_DWORD', data: dword };
  if (qword !== undefined) return { type: 'REG_QWORD', data: BigInt(qword) };
  return { type: 'REG_BINARY', data: new Uint8Array(Buffer.from(binary ?? '', 'hex')) };
}

function wishAt(keys: Wishes, key: string): Wish {
  const at = upcase(key);
  const wish = keys.get(at) ?? { key, wiped: false, made: false, values: new Map() };
  keys.set(at, wish);
  return wish;
}

/** The key goes with all that was wanted below it until now. */
function wipe(keys: Wishes, key: string, refuse: () => never): void {
  if (key === '') refuse();
  const at = upcase(key);
  for (const other of [...keys.keys()]) if (isAtOrBelow(other, at)) keys.delete(other);
  wishAt(keys, key).wiped = true;
}

/** Takes away what stands in a wiped key and is not wanted there again: no removal and remaking of what is there already. */
async function clear(draft: Draft, stored: Hive, hive: HiveName, wish: Wish, keys: Wishes): Promise<void> {
  const wanted = [...keys].filter(([, other]) => other.made || [...other.values.values()].some(({ value }) => value)).map(([at]) => at);
  const visit = async (key: string): Promise<void> => {
    const at = upcase(key);
    if (!wanted.some((other) => isAtOrBelow(other, at))) return draft.removeKey(hive, key);
    const kept = keys.get(at)?.values;
    for (const { name } of stored.values(key)) if (!kept?.get(upcase(name))?.value) await draft.deleteValue(hive, key, name);
    for (const name of stored.keys(key)) await visit(`${key}\\${name}`);
  };
  if (stored.has(wish.key)) await visit(wish.key);
}

async function grant(draft: Draft, hive: HiveName, wish: Wish): Promise<void> {
  if (wish.made) await draft.makeKey(hive, wish.key);
  for (const { name, value, secret } of wish.values.values()) {
    if (value) await draft.setValue(hive, wish.key, name, value, { secret });
    else await draft.deleteValue(hive, wish.key, name);
  }
}

function isAtOrBelow(key: string, above: string): boolean {
  return key === above || key.startsWith(`${above}\\`);
}
