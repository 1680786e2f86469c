// Passwords that stand in commands as they are: of Windows' own tools and of those that administrators use beside them.

export interface CommandPassword {
  /** What the command does with it: `sets the password of an account`. */
  readonly what: string;
  readonly password: string;
  readonly index: number;
}

/** One value: quoted, or up to a blank. */
const VALUE = String.raw`(?:"([^"\r\n]{1,256})"|'([^'\r\n]{1,256})'|([^\s"'&|<>)]{1,256}))`;
const REST = String.raw`[^\r\n&|]{0,300}?`;

const QUOTED = String.raw`(?:"([^"\r\n]{1,256})"|'([^'\r\n]{1,256})')`;
/** Blanks within the line. */
const GAP = String.raw`(?:[^\S\r\n]+)`;
const SECURE = String.raw`\bConvertTo-SecureString${GAP}`;

/** From the documentation of each command. Groups 1 to 3 are the password. */
const COMMANDS: readonly (readonly [what: string, expression: RegExp])[] = [
  [
    'sets the password of an account',
    new RegExp(String.raw`\bnet1?(?:\.exe)?${GAP}user${GAP}(?:"[^"\r\n]+"|[^\s/"]+)${GAP}(?!/)${VALUE}(?=${GAP}?(?:$|[/>&|"\')]))`, 'gim'),
  ],
  [
    'connects a share with a password',
    new RegExp(String.raw`\bnet1?(?:\.exe)?${GAP}use${GAP}(?:\S{1,3}${GAP})?\\\\\S+${GAP}(?!/)${VALUE}`, 'gim'),
  ],
  ['connects a share with a password', new RegExp(String.raw`\bnet1?(?:\.exe)?${GAP}use\b${REST}/user:\S+${GAP}(?!/)${VALUE}`, 'gim')],
  ['stores a password', new RegExp(String.raw`\bcmdkey(?:\.exe)?\b${REST}/pass:${VALUE}`, 'gim')],
  [
    'makes a password of a text',
    new RegExp(String.raw`${SECURE}(?:-Force${GAP})?(?:-String${GAP})?${QUOTED}(?=[^\r\n|;]{0,300}-AsPlainText)`, 'gi'),
  ],
  [
    'makes a password of a text',
    new RegExp(`${SECURE}(?:-Force${GAP})?-AsPlainText${GAP}(?:-Force${GAP})?(?:-String${GAP})?${QUOTED}`, 'gi'),
  ],
  ['registers a task with a password', new RegExp(String.raw`\bschtasks(?:\.exe)?\b${REST}\s/rp${GAP}${VALUE}`, 'gi')],
  ['runs a program with a password', new RegExp(String.raw`\bpsexec(?:64)?(?:\.exe)?\b${REST}\s-p${GAP}${VALUE}`, 'gi')],
  ['joins a domain with a password', new RegExp(String.raw`\bnetdom(?:\.exe)?\b${REST}/p(?:asswor)?d[do]?:${VALUE}`, 'gi')],
  [
    'configures a service with a password',
    new RegExp(String.raw`\bsc(?:\.exe)?${GAP}(?:\\\\\S+${GAP})?(?:create|config)\b${REST}\spassword=${GAP}?${VALUE}`, 'gi'),
  ],
  [
    'sets an automatic logon with its password',
    new RegExp(String.raw`\breg(?:\.exe)?${GAP}add\b${REST}/v${GAP}"?DefaultPassword"?\b${REST}/d${GAP}${VALUE}`, 'gi'),
  ],
  [
    'sets an automatic logon with its password',
    new RegExp(String.raw`\b(?:Set|New)-ItemProperty\b${REST}\bDefaultPassword\b["']?${REST}-Value${GAP}(?!\$)${VALUE}`, 'gi'),
  ],
  [
    'sets an automatic logon with its password',
    new RegExp(String.raw`\bautologon(?:64)?(?:\.exe)?${GAP}[^\s/-]\S*${GAP}\S+${GAP}${VALUE}`, 'gi'),
  ],
  ['asks WMI with a password', new RegExp(String.raw`\bwmic(?:\.exe)?\b${REST}/password:${VALUE}`, 'gi')],
  [
    'makes an account of a domain with its password',
    new RegExp(String.raw`\bds(?:add|mod)(?:\.exe)?${GAP}user\b${REST}\s-pwd${GAP}${VALUE}`, 'gi'),
  ],
];

/** A variable, a question, or a text that only stands for a password; `*` makes the command ask. */
const PLACEHOLDER = /^(?:\*+|%.*|!.*!|\$.*|\{.*\}|<.*>|\[.*\]|\(.*|x{3,}|\.{3}|-\w+|\/\w+(?::.*)?)$/i;
const COMMENT = /^\s*(?:@?rem\b|::|#|')/i;
/** More in one text says nothing more. */
const FOUND_MAX = 100;

/** Every password in a text of commands that is not on a line of comment, in order. */
export function passwordsIn(text: string): readonly CommandPassword[] {
  const found = new Map<number, CommandPassword>();
  for (const [what, expression] of COMMANDS) {
    for (const match of text.matchAll(expression)) {
      const password = match[1] ?? match[2] ?? match[3] ?? '';
      if (PLACEHOLDER.test(password.trim()) || COMMENT.test(lineBefore(text, match.index))) continue;
      const index = match.index + match[0].lastIndexOf(password);
      if (found.size < FOUND_MAX && !found.has(index)) found.set(index, { what, password, index });
    }
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

/** The beginning of the line that `index` stands in. */
function lineBefore(text: string, index: number): string {
  const from = text.lastIndexOf('\n', index - 1) + 1;
  return text.slice(from, Math.min(index + 1, from + 20));
}
