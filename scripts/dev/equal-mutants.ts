// Damages that change nothing a test could see: clauses only for speed, clauses that another one implies. Each with the reason.

export interface EqualMutant {
  readonly file: string;
  /** As `npm run mutate` prints it. */
  readonly what: string;
  readonly reason: string;
}

export const equalMutants: readonly EqualMutant[] = [
  ...['never takes "if (!(error instanceof FormatError))"', 'never takes "if (!(error instanceof FormatError))" #2'].map((what) => ({
    file: 'rules/activation/licensing-signature.ts',
    what,
    reason: 'hands on what only a mistake of the program itself throws; no image brings it about',
  })),
  {
    file: 'rules/secrets/product-key.ts',
    what: `never takes "if (!bytes.includes('unattend') && !bytes.includes(Buf)"`,
    reason: 'only for speed: a document without the word has no element of that name, and no other is looked into',
  },
  {
    file: 'rules/activation/activator-name.ts',
    what: 'never takes "if (/^[ -~]*$/.test(text))"',
    reason: 'Only for speed: letters of ASCII stay what they are in the form that all are compared in.',
  },
  {
    file: 'rules/secrets/hidden-key.ts',
    what: 'takes always "hasSigns ?"',
    reason: 'Only for speed: without a sign of another writing none is looked for in the text, and plain keys are left out.',
  },
  {
    file: 'rules/secrets/hidden-key.ts',
    what: 'takes always "how === PIECES ?"',
    reason: 'Only for speed: writings of which there is no sign are looked for, too, and not found.',
  },
  {
    file: 'rules/secrets/hidden-key.ts',
    what: 'takes never "isPlain ?"',
    reason: 'Only for speed: a text is looked through as a whole, and not only where there are signs of another writing.',
  },
  {
    file: 'rules/secrets/hidden-key.ts',
    what: 'never takes "if (isPlain)"',
    reason: 'Only for speed: the plain keys of a content are left out, and a text that is the content itself holds no others.',
  },
  {
    file: 'rules/secrets/hidden-key.ts',
    what: 'takes never "short === text ?"',
    reason: 'Only for speed: a text that holds no UTF-7 would be looked through twice, and each key is told once.',
  },
  {
    file: 'rules/hygiene/opaque-content.ts',
    what: 'drops "|| seen.has(file.path.toLowerCase())"',
    reason: 'Scripts are met from the nearest to the farthest, and three levels end a circle: what is met again is only read again.',
  },
  {
    file: 'rules/hygiene/writable-by-users.ts',
    what: 'drops "|| followed.has(called.path)"',
    reason: 'A file is judged once in any case, and three levels end a circle: a script that is followed twice is only read twice.',
  },
  {
    file: 'rules/secrets/answer-file-password.ts',
    what: 'drops "|| !MARKS.some((mark) => bufferOf(content).includes(m"',
    reason: 'Saves parsing: an answer file is told by a root or a namespace, and a damaged one by their text: each holds one of the marks.',
  },
  {
    file: 'rules/secrets/deployment-settings.ts',
    what: 'never takes "if (!MARKS.some((mark) => bytes.includes(mark)))"',
    reason:
      'Saves parsing: without the name of the attribute or of the root, which XML can write in one way only, there is nothing to tell.',
  },
];

/** What `npm run mutate` found out about one damage. */
export interface Tried {
  readonly file: string;
  readonly what: string;
  readonly noticed: boolean;
}

/** Entries for which there is no such damage, or one that a test notices. Only the files that were tried whole are looked at. */
export function staleEntries(entries: readonly EqualMutant[], tried: readonly Tried[], whole: ReadonlySet<string>): readonly string[] {
  return entries.flatMap(({ file, what }) => {
    const found = tried.find((one) => one.file === file && one.what === what);
    if (found?.noticed) return [`${file}: ${what}: a test notices it`];
    return found || !whole.has(file) ? [] : [`${file}: ${what}: there is no such damage`];
  });
}

export function equalMutantOf(entries: readonly EqualMutant[], file: string, what: string): EqualMutant | undefined {
  return entries.find((entry) => entry.file === file && entry.what === what);
}
