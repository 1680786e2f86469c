// What a check of answer files found, as the reports take it.
import type { AnswerFinding, AnswerSeverity } from '../../unattend/finding.ts';

export interface CheckedAnswerFile {
  readonly path: string; // as it was given
  /** Why it could not be read or is no answer file; then there are no findings. */
  readonly fault: { readonly message: string; readonly line: number | undefined; readonly column: number | undefined } | undefined;
  readonly findings: readonly AnswerFinding[];
}

/** undecided: a file could not be read, so nobody knows whether it is good; this stands above rejected. */
export type AnswerVerdict = 'accepted' | 'rejected' | 'undecided';

export function answerVerdict(files: readonly CheckedAnswerFile[]): AnswerVerdict {
  if (files.some(({ fault }) => fault !== undefined)) return 'undecided';
  return countOf(files, 'error') > 0 ? 'rejected' : 'accepted';
}

export function countOf(files: readonly CheckedAnswerFile[], severity: AnswerSeverity): number {
  return files.flatMap(({ findings }) => findings).filter((finding) => finding.severity === severity).length;
}
