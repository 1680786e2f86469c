// Every command line that Windows starts by itself, for whomever: of services, tasks of either store, autostart places and the links in them.
import { targetsOf } from '../../formats/command-line/targets.ts';
import type { Image } from '../../image/image.ts';
import { imageView, type Sight } from '../view.ts';
import { autostart, type Start } from './autostart.ts';
import { link } from './link.ts';
import { scmEntries } from './scm-entries.ts';
import { tasks } from './tasks.ts';

export interface StartLine {
  /** What starts it, within a sentence: `the task \Vendor\Update`. */
  readonly by: string;
  readonly line: string;
  /** Folder in the image on which relative names stand; undefined when they lead nowhere. */
  readonly folder: string | undefined;
}

const SYSTEM32 = '/Windows/System32';

export const startLines = imageView<readonly StartLine[]>({
  async read(image, sight) {
    const lines: StartLine[] = [];
    const add = (by: string, line: string, folder?: string) => {
      if (line.trim() !== '') lines.push({ by, line, folder });
    };
    for (const { name, imagePath, library, onFailure } of (await sight.see(scmEntries)()) ?? [])
      for (const line of [imagePath, library, onFailure]) add(`the service ${name}`, line, SYSTEM32);
    for (const { path, xml, entry } of (await sight.see(tasks)()) ?? [])
      for (const action of [...(xml?.actions ?? []), ...(entry?.actions?.actions ?? [])]) {
        if (action.kind !== 'exec') continue;
        const line = `"${action.command.replaceAll('"', '').trim()}" ${action.arguments}`;
        add(`the task ${path}`, line, targetsOf(`"${action.workingDirectory.replaceAll('"', '').trim()}"`)[0]?.[0]);
      }
    for (const start of (await sight.see(autostart)()) ?? []) add(`the start entry ${start.name}`, await lineOf(start, image, sight));
    return lines;
  },
});

/** A link stands for what it starts. */
async function lineOf(start: Start, image: Image, sight: Sight): Promise<string> {
  if (start.kind !== 'startup-folder' || !('file' in start.at) || !/\.lnk$/i.test(start.at.file)) return start.command;
  const file = await image.find(start.at.file);
  const seen = file && (await sight.see(link)({ file }));
  if (!seen) return start.command;
  return `"${seen.localPath || seen.itemPath || seen.expandable || seen.relativePath || ''}" ${seen.arguments ?? ''}`;
}
