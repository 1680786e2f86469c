// What a check of answer files found, with one of everything.
import type { CheckedAnswerFile } from '../../report/answer/result.ts';
import type { AnswerCheck } from '../../unattend/finding.ts';

export const sampleChecks: readonly AnswerCheck[] = [
  {
    id: 'passes',
    title: 'Passes are known',
    description: 'Looks\nat passes.\n\nMore.',
    messages: { unknown: 'the pass {pass}' },
    run: () => [],
  },
  { id: 'list-order', title: 'Order is unique', description: 'Looks at Order.', messages: { twice: 'twice' }, run: () => [] },
];

export const sampleFiles: readonly CheckedAnswerFile[] = [
  {
    path: 'site (1)/unattend.xml',
    fault: undefined,
    findings: [
      { check: 'list-order', messageId: 'twice', severity: 'note', message: 'twice', at: { line: 2, column: 3 } },
      { check: 'passes', messageId: 'unknown', severity: 'error', message: 'the pass a\nb\u202e', at: { line: 12, column: 5 } },
      { check: 'elsewhere', messageId: 'x', severity: 'warning', message: 'no place', at: undefined },
    ],
  },
  { path: '/srv/clean.xml', fault: undefined, findings: [] },
  { path: 'broken.xml', fault: { message: 'broken.xml: XML: line 7, column 1: is cut off', line: 7, column: 1 }, findings: [] },
];

export const rejectedFiles = sampleFiles.slice(0, 2);
export const cleanFiles = sampleFiles.slice(1, 2);
