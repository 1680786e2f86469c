// The findings in answer files for a person: by file, worst first, each with line and column.
import picocolors from 'picocolors';
import type { AnswerFinding, AnswerSeverity } from '../../unattend/finding.ts';
import { printable } from '../printable.ts';
import { type CheckedAnswerFile, countOf } from './result.ts';

const SEVERITIES: readonly AnswerSeverity[] = ['error', 'warning', 'note'];

export function answerText(files: readonly CheckedAnswerFile[], colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const paint = { error: colours.red, warning: colours.yellow, note: colours.blue } as const;
  const line = ({ check, severity, message, at }: AnswerFinding) => {
    const place = at ? `${at.line}:${at.column}` : '-';
    return `  ${place.padEnd(7)}  ${paint[severity](severity.padEnd(7))}  ${printable(message)}  ${colours.dim(printable(check))}`;
  };
  const lines = files.flatMap(({ path, fault, findings }) => {
    const name = colours.bold(printable(path));
    if (fault) return [`${name}: ${colours.magenta('cannot be read')}`, `  ${printable(fault.message)}`, ''];
    if (findings.length === 0) return [`${name}: ${colours.green('nothing found')}`, ''];
    const ordered = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
    return [name, ...ordered.map(line), ''];
  });
  return `${[...lines, summaryOf(files)].join('\n')}\n`;
}

function summaryOf(files: readonly CheckedAnswerFile[]): string {
  const unread = files.filter(({ fault }) => fault !== undefined).length;
  const found = SEVERITIES.map((severity) => counted(countOf(files, severity), severity)).join(', ');
  return `${counted(files.length, 'file')}: ${found}${unread > 0 ? `; ${unread} could not be read` : ''}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
