// What a check of an answer file says, as data: one file for every check, merged and printed elsewhere.
import type { Position } from '../formats/xml/tree.ts';
import type { AnswerFile } from './model.ts';

export type AnswerSeverity = 'error' | 'warning' | 'note';

export interface AnswerFinding {
  /** Kebab-case id of the check; the lint rule of it is `answer-file/<check>`. */
  readonly check: string;
  readonly messageId: string;
  readonly severity: AnswerSeverity;
  /** One line; never a password, key or other secret. */
  readonly message: string;
  /** What the message was filled with. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly at: Position | undefined;
}

/** What a check may ask about the image that the file is for; all of it is optional, because a file can be checked alone. */
export interface AnswerContext {
  readonly architecture?: string;
  /** Where the file lies: passes that nothing processes there are worth a warning. */
  readonly place?: 'installed-image' | 'media' | 'unknown';
  /** Whether a Windows path (`C:\Windows\…`, `%SystemRoot%\…`) is a file of the image; undefined: cannot be told. */
  readonly hasFile?: (windowsPath: string) => boolean | undefined;
}

/** One check: a plain object, so that docs, lint rules and the command line come from it. */
export interface AnswerCheck {
  readonly id: string;
  readonly title: string;
  /** What it looks for, how sure that is, and the source; Markdown. */
  readonly description: string;
  /** Text of each message; `{name}` is replaced by the finding's data. */
  readonly messages: Readonly<Record<string, string>>;
  run(file: AnswerFile, context: AnswerContext): readonly AnswerFinding[];
}
