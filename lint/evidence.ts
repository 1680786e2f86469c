// What was seen, as one short line that a report may show: clipped, and masked where it could be a secret.
import type { Location } from './location.ts';
import type { MessageData } from './message.ts';
import type { Secret } from './secret.ts';

/** Enough to recognise the thing, too little to publish it. */
export const EVIDENCE_MAX = 80;
/** Read of a text before it is masked: a value of a megabyte must not cost a pass over a megabyte. */
const READ_MAX = 2000;

const MASKS: readonly (readonly [RegExp, string])[] = [
  // A product key keeps its last five characters, as slmgr shows it.
  [/\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3}-([A-Z0-9]{5})\b/gi, '*****-*****-*****-*****-$1'],
  // `password=…`, `-Password …`, `"pwd": "…"`, `/p:…`
  [
    /((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|credential)s?["']?\s*(?:[=:]|\s)\s*)(?:"[^"]*"?|'[^']*'?|[^\s"',;&|<>]+)/gi,
    '$1(redacted)',
  ],
  [/(\/(?:p|rp|pass):)(?:"[^"]*"?|\S+)/gi, '$1(redacted)'],
  // net user NAME PASSWORD
  [/(\bnet1?(?:\.exe)?\s+user\s+(?:"[^"]*"|\S+)\s+)(?!\/)(?:"[^"]*"?|\S+)/gi, '$1(redacted)'],
  // scheme://user:password@host
  [/(\w:\/\/[^\s/:@]{1,64}:)[^\s/@]+(?=@)/g, '$1(redacted)'],
];

/** One line of at most 80 characters; what looks like a key or a password is masked. */
export function evidenceText(text: string): string {
  let line = text.slice(0, READ_MAX).replace(/\s+/g, ' ').trim();
  for (const [pattern, mask] of MASKS) line = line.replace(pattern, mask);
  const points = [...line];
  return points.length <= EVIDENCE_MAX ? line : `${points.slice(0, EVIDENCE_MAX - 1).join('')}…`;
}

/** What the rule says that it saw; else the data of its message; else the name of the thing itself. */
export function evidenceOf(given: string | Secret | undefined, data: MessageData | undefined, at: Location): string {
  if (given !== undefined) return evidenceText(String(given));
  // A value may be a phrase that ends in a comma, for the message around it.
  const parts = Object.entries(data ?? {}).map(
    ([name, value]) =>
      `${name}=${String(value)
        .slice(0, READ_MAX)
        .replace(/[\s,;]+$/, '')}`,
  );
  return evidenceText(parts.length > 0 ? parts.join(', ') : nameAt(at));
}

function nameAt(at: Location): string {
  if ('file' in at) return at.stream ?? at.file.slice(at.file.lastIndexOf('/') + 1);
  if ('hive' in at) return at.name ?? at.key.slice(at.key.lastIndexOf('\\') + 1);
  return at.of;
}
