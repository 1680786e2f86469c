// A rule made from a signature file of the user: what matches is a finding, weighed as the file itself says.
import { defineRule, type Level, type Rule } from './rule.ts';
import { ruleNames } from './signatures.ts';

const LEVELS: readonly string[] = ['certain', 'strong', 'weak'] satisfies readonly Level[];
/** Ids of strings that are shown of one match. */
const SHOWN_MAX = 4;

/**
 * Reports every match of a rule that is not private. Of its meta data it takes `level` (`certain`, `strong`, `weak`, or `note` for what is no evidence;
 * `strong` unless it is one of them) and `description`, which the report shows.
 * @param name of the file without its ending; the rule's id is `signatures/NAME`.
 */
export function signatureRule(name: string, text: string): Rule {
  return defineRule({
    id: `signatures/${name}`,
    title: `No file matches ${name}.yar`,
    description: `Runs the signature file \`${name}.yar\` of the config over every file and named stream. Its rules: ${ruleNames(text).join(', ') || 'none'}.`,
    why: 'The signature file stands for content that does not belong into this image.',
    repair: { text: 'Remove the file, or allow it by its place in `lint.allow` with a reason.' },
    level: 'strong',
    options: {},
    messages: { matches: 'matches {rule}{what}' },
    select: { signatures: [name] },
    create: (ctx) => ({
      match({ file, stream, rule, meta, strings }) {
        const what = typeof meta['description'] === 'string' && meta['description'] !== '' ? `: ${meta['description']}` : '';
        const ids = [...new Set(strings.map(({ id }) => id))].slice(0, SHOWN_MAX);
        const [first] = strings;
        ctx.report({
          messageId: 'matches',
          at: { file: file.path, ...(stream === undefined ? {} : { stream }), ...(first ? { offset: first.offset } : {}) },
          data: { rule, what },
          evidence: [rule, ...ids].join(' '),
          ...weightOf(meta['level']),
        });
      },
    }),
  });
}

function weightOf(level: unknown): { readonly level: Level } | { readonly severity: 'note' } {
  if (level === 'note') return { severity: 'note' };
  return { level: LEVELS.includes(level as string) ? (level as Level) : 'strong' };
}
