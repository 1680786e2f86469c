// Commands that need a file which the image does not hold.
import { commandFiles } from '../command-files.ts';
import { defineCheck } from '../define-check.ts';

export const missingFile = defineCheck({
  id: 'missing-file',
  title: 'Files that commands need are in the image',
  description: `Reads the command lines of RunSynchronous, RunAsynchronous, FirstLogonCommands and LogonCommands for files on the system drive, and
asks the image for them. A file that an earlier command copies, fetches or writes, or that the answer file itself carries, is left out.

**Repair.** Put the file into the image, or correct the path.

**Cannot be proved.** Files on other drives, files whose path a script puts together, and commands of the windowsPE pass, which run in another
Windows. Without an image nothing is checked.`,
  messages: { absent: 'a command needs {path}, which is not in the image' },
  look(file, report, { hasFile }) {
    if (!hasFile) return;
    for (const { windowsPath: path, at } of commandFiles(file)) {
      if (hasFile(path) === false) report({ messageId: 'absent', severity: 'warning', at, data: { path } });
    }
  },
});
