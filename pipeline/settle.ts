// Puts the linted artifact where it belongs: into place when accepted, aside with its report otherwise.
import { rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fse from 'fs-extra';
import { type Artifact, syncToDisk } from '../image/artifact.ts';
import { partsBeside } from '../image/split-names.ts';
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
  staged: Artifact & { readonly parts?: readonly Artifact[] },
  result: LintResult,
  output: string,
  more: { readonly attachments: readonly Attachment[]; readonly report: unknown },
): Promise<Settled> {
  const names = outputNames(output);
  const { parts = [] } = staged;
  const report = `${JSON.stringify(more.report, null, 2)}\n`;
  if (result.verdict !== 'accepted') {
    await withSideFiles([{ path: names.rejectedReport, content: report }], async (place) => {
      for (const [at, part] of parts.entries()) await rename(part.path, names.rejectedPart(at + 2));
      await rename(staged.path, names.rejected);
      await place();
    });
    return { path: names.rejected, sha256: staged.sha256, attachments: [], report: names.rejectedReport };
  }
  const attachments = more.attachments.map(({ name, content }) => ({ path: names.attachment(name), content }));
  await withSideFiles([...attachments, { path: names.report, content: report }], async (place) => {
    // First the content, then the name: after a power cut the output is whole or absent.
    for (const { path } of [staged, ...parts]) await syncToDisk(path);
    for (const [at, part] of parts.entries()) await rename(part.path, names.part(at + 2));
    await rename(staged.path, output);
    await removeParts(output, parts.length);
    await place();
    await syncToDisk(dirname(output));
  });
  await fse.remove(names.rejected);
  for (const part of await partsBeside(names.rejected)) await fse.remove(part);
  await fse.remove(names.rejectedReport);
  return { path: output, sha256: staged.sha256, attachments: attachments.map(({ path }) => path), report: names.report };
}

/** A split WIM that was replaced may have had more parts. */
async function removeParts(output: string, kept: number): Promise<void> {
  if (kept === 0) return;
  const { part } = outputNames(output);
  const current = new Set(Array.from({ length: kept }, (_, at) => part(at + 2)));
  for (const path of await partsBeside(output)) if (!current.has(path)) await fse.remove(path);
}

interface SideFile {
  readonly path: string;
  readonly content: string;
}

/** Side files that have no name yet: removed at exit, whatever happens. */
const unplaced = new Set<string>();
process.on('exit', () => {
  for (const path of unplaced) rmSync(path, { force: true });
});

/** Writes the files aside first: where there is no room for one of them, the output does not appear either. `place` gives them their names. */
async function withSideFiles(files: readonly SideFile[], use: (place: () => Promise<void>) => Promise<void>): Promise<void> {
  const asides = files.map(({ path, content }) => ({ path, content, aside: `${path}.staged` }));
  try {
    for (const { aside, content } of asides) {
      unplaced.add(aside);
      await writeFile(aside, content);
    }
    await use(async () => {
      for (const { aside, path } of asides) await rename(aside, path);
    });
  } finally {
    for (const { aside } of asides) {
      await rm(aside, { force: true }).catch(() => undefined); // what is no file is not ours
      unplaced.delete(aside);
    }
  }
}
