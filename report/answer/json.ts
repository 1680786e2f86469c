// The findings in answer files as JSON for programs (wtgforge/answer@1).
import { answerVerdict, type CheckedAnswerFile, countOf } from './result.ts';

export function answerJson(files: readonly CheckedAnswerFile[]): string {
  const document = {
    schema: 'wtgforge/answer@1',
    verdict: answerVerdict(files),
    counts: { error: countOf(files, 'error'), warning: countOf(files, 'warning'), note: countOf(files, 'note') },
    files: files.map(({ path, fault, findings }) => ({
      path,
      ...(fault ? { fault: { message: fault.message, ...placeOf(fault) } } : {}),
      findings: findings.map(({ check, messageId, severity, message, at }) => ({
        check,
        messageId,
        severity,
        message,
        ...placeOf(at ?? { line: undefined, column: undefined }),
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function placeOf({ line, column }: { readonly line: number | undefined; readonly column: number | undefined }): object {
  return { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
}
