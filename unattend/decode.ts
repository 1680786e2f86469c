// Which passwords and product keys an answer file holds and in what state, without a word of what they are.
import { FormatError } from '../formats/bytes.ts';
import { isPlaceholder, productKeyOf } from '../formats/product-key/key.ts';
import { classOf, type KeyClass, knownKey } from '../formats/product-key/known-keys.ts';
import { childOf, elementsOf, type Position, textOf, type XmlElement } from '../formats/xml/tree.ts';
import { type AnswerComponent, type AnswerFile, componentsOf, settingsOf } from './model.ts';
import { decodePassword, PASSWORD_ELEMENTS, SCRUBBED } from './password.ts';

/** encoded: anybody can decode it, but Setup reads it; wrongly-encoded: Setup would take it for another password than was meant. */
export type PasswordState = 'plain' | 'encoded' | 'blank' | 'wrongly-encoded' | 'scrubbed';

/** Neither the password nor its length nor a digest: each of them helps whoever guesses. */
export interface PasswordEntry {
  readonly path: string; // below the component: UserAccounts/LocalAccounts/LocalAccount/Password
  readonly pass: string;
  readonly component: string;
  readonly architecture: string;
  readonly at: Position | undefined;
  readonly state: PasswordState;
  /** What the encoded form must end with; undefined for an element that Setup reads as it stands. */
  readonly suffix: string | undefined;
  /** Why it counts as wrongly encoded. */
  readonly reason: string | undefined;
}

export type ProductKeyState = KeyClass | 'empty' | 'placeholder' | 'damaged' | 'malformed';

export interface ProductKeyEntry {
  readonly path: string;
  readonly pass: string;
  readonly component: string;
  readonly architecture: string;
  readonly at: Position | undefined;
  /** gvlk and generic are published; damaged fails its checksum; malformed has not the form of a key. */
  readonly state: ProductKeyState;
  /** Product and edition of a published key. */
  readonly edition: string | undefined;
}

const PASSWORD_ELEMENT = /password$/i;
const FIVE_GROUPS = /^[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}$/;

/** Every password element of every component, in order. */
export function passwordsOf(file: AnswerFile): readonly PasswordEntry[] {
  return componentsOf(file).flatMap((component) =>
    found(component, (element) => PASSWORD_ELEMENT.test(element.local)).map(({ element, path }) => ({
      path,
      ...placeOf(component),
      at: (childOf(element, 'Value') ?? element).at ?? element.at,
      ...judged(element),
    })),
  );
}

/** Every product key element of every component, in order. */
export function productKeysOf(file: AnswerFile): readonly ProductKeyEntry[] {
  return componentsOf(file).flatMap((component) =>
    found(component, (element) => element.local.toLowerCase() === 'productkey').map(({ element, path }) => {
      // The windowsPE pass holds it one level lower, beside WillShowUI.
      const holder = childOf(element, 'Key') ?? element;
      const below = holder === element ? path : `${path}/Key`;
      return { path: below, ...placeOf(component), at: holder.at, ...keyOf(textOf(holder).trim()) };
    }),
  );
}

/** Settings beside passwords and keys that let somebody in: the account of a domain join, commands that name a password. */
const SECRET_SETTING = /accountdata$|passphrase$/i;
const SECRET_WORDS = /passw|passphrase|net1?(?:\.exe)?\s+user|secret|token/i;

/** Whether anybody who can read the file learns something that is not his to know; when in doubt, yes. */
export function holdsSecrets(file: AnswerFile): boolean {
  if (passwordsOf(file).some(({ state }) => state !== 'blank' && state !== 'scrubbed')) return true;
  const isPublic: readonly ProductKeyState[] = ['gvlk', 'generic', 'empty', 'placeholder'];
  if (productKeysOf(file).some(({ state }) => !isPublic.includes(state))) return true;
  const settings = componentsOf(file).flatMap(settingsOf);
  return settings.some(({ path, value }) => value.trim() !== '' && (SECRET_SETTING.test(path) || SECRET_WORDS.test(value)));
}

function placeOf({ pass, name, architecture }: AnswerComponent) {
  return { pass, component: name, architecture };
}

/** The elements of one kind below a component, outermost only, each with its path. */
function found(component: AnswerComponent, fits: (element: XmlElement) => boolean): readonly { element: XmlElement; path: string }[] {
  const list: { element: XmlElement; path: string }[] = [];
  const open = elementsOf(component.element).map((element) => ({ element, path: element.local }));
  open.reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { element, path } = next;
    if (fits(element)) {
      list.push(next);
      continue;
    }
    const below = elementsOf(element).map((child) => ({ element: child, path: `${path}/${child.local}` }));
    open.push(...below.reverse());
  }
  return list;
}

function judged(element: XmlElement): Pick<PasswordEntry, 'state' | 'suffix' | 'reason'> {
  const value = textOf(childOf(element, 'Value') ?? element).trim();
  const grouped = elementsOf(element).length > 0;
  const suffix = grouped ? element.local : undefined;
  const as = (state: PasswordState, reason?: string) => ({ state, suffix, reason });
  if (value === '') return as('blank');
  if (value === SCRUBBED) return as('scrubbed');
  const decoded = grouped ? decodePassword(element.local, value) : undefined;
  if (decoded === SCRUBBED) return as('scrubbed');
  const flag = childOf(element, 'PlainText');
  const plainText = flag && truthOf(textOf(flag));
  if (plainText === true) {
    return decoded === undefined ? as('plain') : as('wrongly-encoded', 'it is encoded, but PlainText says that it is not');
  }
  if (decoded !== undefined) {
    const other = otherSuffix(element.local, value);
    return other === undefined ? as(decoded === '' ? 'blank' : 'encoded') : as('wrongly-encoded', other);
  }
  // Without PlainText nothing says that it was meant to be hidden, and whoever opens the file can read it.
  return plainText === false ? as('wrongly-encoded', misencoded(element.local, value)) : as('plain');
}

function truthOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}

function misencoded(element: string, value: string): string {
  const other = otherSuffix(element, value);
  if (other !== undefined) return other;
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(value)) return 'PlainText is false, but it is not Base64';
  return `PlainText is false, but it is not Base64 of UTF-16 text that ends with "${element}"`;
}

/** `AdministratorPassword` ends with `Password`: the longest suffix that fits tells which element the value was made for. */
function otherSuffix(element: string, value: string): string | undefined {
  const fitting = PASSWORD_ELEMENTS.filter((name) => decodePassword(name, value) !== undefined);
  const longest = fitting.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined || longest.length <= (fitting.includes(element as never) ? element.length : 0)) return undefined;
  return `it carries the suffix of <${longest}> and not that of <${element}>`;
}

function keyOf(text: string): Pick<ProductKeyEntry, 'state' | 'edition'> {
  if (text === '') return { state: 'empty', edition: undefined };
  const upper = text.toUpperCase();
  if (FIVE_GROUPS.test(upper) && isPlaceholder(upper)) return { state: 'placeholder', edition: undefined };
  try {
    const key = productKeyOf(upper);
    if (key.valid === false) return { state: 'damaged', edition: undefined };
    const known = knownKey(key.text);
    return { state: classOf(key), edition: known && `${known.product}, ${known.edition}` };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { state: text === SCRUBBED ? 'placeholder' : 'malformed', edition: undefined };
  }
}
