// The contract of a report format: a lint result in, text out. One file a format; the index is generated.
import type { LintResult } from '../lint/result.ts';
import type { Rule } from '../lint/rule.ts';

export interface ReportContext {
  /** The rules of the run, for titles and help. */
  readonly rules: readonly Rule[];
  readonly colour: boolean;
  readonly tool: { readonly name: string; readonly version: string };
}

export interface ReportFormat {
  /** Kebab-case; equals the file name, and `--format` takes it. */
  readonly id: string;
  /** One line, no full stop. */
  readonly title: string;
  render(result: LintResult, context: ReportContext): string;
}
