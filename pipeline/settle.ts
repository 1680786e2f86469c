// Puts the linted artifact where it belongs: into place when accepted, aside with its report otherwise.
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fse from 'fs-extra';
import { type Artifact, syncToDisk } from '../image/artifact.ts';
import type { LintResult } from '../lint/result.ts';
import { outputNames } from './output.ts';
import type { Attachment } from './run.ts';

export interface Settled extends Artifact {
  readonly attachments: readonly string[];
  readonly report: string;
}

/**
 * On `accepted` the staged file is renamed to the output in one step, its attachments and report beside it. Anything else
 * is kept as `<output>.rejected` with its report; an output that was there before stays.
 */
export async function settle(
  staged: Artifact,
  result: LintResult,
  output: string,
  more: { readonly attachments: readonly Attachment[]; readonly report: unknown },
): Promise<Settled> {
  const names = outputNames(output);
  const report = `${JSON.stringify(more.report, null, 2)}\n`;
  if (result.verdict !== 'accepted') {
    await writeFile(names.rejectedReport, report);
    await rename(staged.path, names.rejected);
    return { path: names.rejected, sha256: staged.sha256, attachments: [], report: names.rejectedReport };
  }
  const attachments: string[] = [];
  for (const { name, content } of more.attachments) {
    const path = names.attachment(name);
    await writeFile(`${path}.staged`, content);
    await rename(`${path}.staged`, path);
    attachments.push(path);
  }
  // First the content, then the name: after a power cut the output is whole or absent.
  await syncToDisk(staged.path);
  await rename(staged.path, output);
  await syncToDisk(dirname(output));
  await writeFile(names.report, report);
  await fse.remove(names.rejected);
  await fse.remove(names.rejectedReport);
  return { path: output, sha256: staged.sha256, attachments, report: names.report };
}
