// The findings in answer files as SARIF 2.1.0 (OASIS standard).
import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprintOf } from '../../lint/fingerprint.ts';
import type { AnswerCheck, AnswerFinding } from '../../unattend/finding.ts';
import { printable } from '../printable.ts';
import { type DescribedRule, FINGERPRINT, sarifLog, uriSegment } from '../sarif-log.ts';
import { answerVerdict, type CheckedAnswerFile } from './result.ts';

/** What a finding is called here is what the lint rule of the check is called. */
const RULE_FAMILY = 'answer-file';
const EXIT_CODES = { accepted: 0, rejected: 1, undecided: 2 } as const;

export function answerSarif(
  files: readonly CheckedAnswerFile[],
  checks: readonly AnswerCheck[],
  tool: { readonly name: string; readonly version: string },
): string {
  const verdict = answerVerdict(files);
  const index = new Map(checks.map(({ id }, at) => [id, at]));
  const log = sarifLog(tool, checks.map(ruleOf), {
    invocations: [
      {
        executionSuccessful: verdict !== 'undecided',
        exitCode: EXIT_CODES[verdict],
        toolExecutionNotifications: files.flatMap(({ path, fault }) =>
          fault
            ? [{ level: 'error', message: { text: printable(fault.message) }, locations: [locationOf(path, fault.line, fault.column)] }]
            : [],
        ),
      },
    ],
    columnKind: 'utf16CodeUnits',
    results: files.flatMap(({ path, findings }) => findings.map((finding) => resultOf(path, finding, index))),
    properties: { verdict },
  });
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A check has no severity of its own: its findings do. */
function ruleOf({ id, title, description, messages }: AnswerCheck): DescribedRule {
  return { id: `${RULE_FAMILY}/${id}`, title, description, severity: 'warning', messages };
}

function resultOf(path: string, finding: AnswerFinding, index: ReadonlyMap<string, number>): object {
  const { check, messageId, severity, message, at } = finding;
  const ruleId = `${RULE_FAMILY}/${check}`;
  const ruleIndex = index.get(check);
  return {
    ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    kind: 'fail',
    level: severity,
    message: { text: printable(message) },
    locations: [locationOf(path, at?.line, at?.column)],
    // The message tells apart what one check says several times of one file; lines move with every edit.
    partialFingerprints: { [FINGERPRINT]: fingerprintOf(ruleId, `${messageId} ${message}`, { file: path }) },
    properties: { messageId },
  };
}

function locationOf(path: string, line: number | undefined, column: number | undefined): object {
  const region = line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  return { physicalLocation: { artifactLocation: { uri: addressOf(path) }, ...region } };
}

/** A relative path stays relative: code scanning resolves it against the repository. */
function addressOf(path: string): string {
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(sep).map(uriSegment).join('/');
}
