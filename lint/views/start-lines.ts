// Every command line that Windows starts by itself, for whomever: of services, tasks of either store, autostart places and the links in them.
import { targetsOf } from '../../formats/command-line/targets.ts';
import { imageView } from '../view.ts';
import { autostart } from './autostart.ts';
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
  async read(_image, sight) {
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
    for (const start of (await sight.see(autostart)()) ?? []) add(`the start entry ${start.name}`, start.line);
    return lines;
  },
});
