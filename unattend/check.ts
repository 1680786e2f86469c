// Runs every check over one answer file: the findings in the order of their place.
import { answerChecks } from './checks/index.ts';
import type { AnswerContext, AnswerFinding } from './finding.ts';
import type { AnswerFile } from './model.ts';

/** What is the matter with an answer file, from top to bottom; findings without a place stand last. */
export function checkAnswerFile(file: AnswerFile, context: AnswerContext = {}): readonly AnswerFinding[] {
  return answerChecks.flatMap((check) => check.run(file, context)).sort(byPlace);
}

function byPlace(a: AnswerFinding, b: AnswerFinding): number {
  const line = (finding: AnswerFinding) => finding.at?.line ?? Number.MAX_SAFE_INTEGER;
  const column = (finding: AnswerFinding) => finding.at?.column ?? Number.MAX_SAFE_INTEGER;
  return line(a) - line(b) || column(a) - column(b);
}
