// Answer files in a scratch folder, for tests of the commands.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withScratch } from '../../tools/scratch.ts';
import { type AnswerShape, answer } from './answer-xml.ts';

export const SHELL = 'Microsoft-Windows-Shell-Setup';

/** One component in one pass, its settings from line 5, column 7; `more` stands behind the pass. */
export function answerXml(body: string, { more = '', ...shape }: AnswerShape & { readonly more?: string } = {}): string {
  return answer(`      ${body}`, shape).replace('\n</unattend>', `${more}\n</unattend>`);
}

/** Writes the files, hands out their paths by name, and removes everything afterwards. */
export async function withFiles<N extends string>(
  files: Readonly<Record<N, string | Uint8Array>>,
  use: (paths: Readonly<Record<N, string>>, folder: string) => Promise<void>,
): Promise<void> {
  await withScratch(async (folder) => {
    const paths = {} as Record<N, string>;
    for (const [name, content] of Object.entries(files) as [N, string | Uint8Array][]) {
      paths[name] = join(folder, name);
      await writeFile(paths[name], content);
    }
    await use(paths, folder);
  });
}
