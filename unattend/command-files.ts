// The files that the commands of an answer file start or read, as far as the command line alone tells.
import type { Position } from '../formats/xml/tree.ts';
import { type AnswerFile, componentsOf, settingsOf } from './model.ts';
import { imagePathOf } from './windows-path.ts';

export interface CommandFile {
  /** As the command writes it. */
  readonly windowsPath: string;
  readonly at: Position | undefined;
}

/** More of them in one file say nothing more. */
const FILES_MAX = 200;
/** Longer command lines than Windows takes are not searched. */
const COMMAND_MAX = 32_768;

const COMMAND = /(?:^|\/)(?:RunSynchronousCommand|RunAsynchronousCommand)\/Path$|(?:Synchronous|Asynchronous)Command\/CommandLine$/i;
/** A path with a drive or a variable in front and an extension behind that something runs or reads. */
const FILE =
  /(?:[a-z]:|%\w{1,40}%)[\\/](?:[^"'<>|*?\r\n\t&;,()]{1,200}?)\.(?:exe|cmd|bat|ps1|psm1|vbs|js|wsf|msi|msu|reg|com|dll|inf|xml|cer)(?![\w.])/gi;
/** What stands before a path that the command itself makes, or merely looks for. */
const MADE =
  />\s*"?$|-(?:OutFile|Destination(?:Path)?|FilePath)\s+["']?$|(?:if\s+(?:not\s+)?exist|del|test-path)\s[^&|]{0,60}$|\/[odv]:?\s+["']?$/i;
/** Commands that copy, fetch or unpack: the last path of them is their target. */
const MAKER =
  /\b(?:x?copy|robocopy|copy-item|move|move-item|curl|bitsadmin|certutil|expand|tar|new-item|set-content|add-content|out-file)\b/i;

/** True for a setting that holds a command line, by its path below the component. */
export function isCommandSetting(path: string): boolean {
  return COMMAND.test(path);
}

/** Files that a command needs and that no earlier command makes; those of other drives are left out. */
export function commandFiles(file: AnswerFile): readonly CommandFile[] {
  const made = new Set(embeddedFiles(file));
  const found: CommandFile[] = [];
  for (const component of componentsOf(file)) {
    if (component.pass === 'windowsPE') continue; // Runs in another Windows.
    for (const { path, value, at } of settingsOf(component)) {
      if (!isCommandSetting(path) || value.length > COMMAND_MAX) continue;
      const maker = MAKER.test(value);
      for (const match of value.matchAll(FILE)) {
        const image = imagePathOf(match[0])?.toLowerCase();
        if (image === undefined) continue;
        const before = value.slice(Math.max(0, match.index - 80), match.index);
        const tool = /\/windows\/(?:system32|syswow64)\//.test(image);
        if (!tool && (maker || MADE.test(before))) made.add(image);
        else if (!made.has(image) && found.length < FILES_MAX) {
          made.add(image); // Once is enough.
          found.push({ windowsPath: match[0], at });
        }
      }
    }
  }
  return found;
}

/** Answer file generators put scripts into an element of their own and unpack them in the first command. */
function embeddedFiles(file: AnswerFile): readonly string[] {
  const paths: string[] = [];
  const open = [file.document.root];
  for (let element = open.pop(); element; element = open.pop()) {
    const given = element.attributes.find(({ local }) => local.toLowerCase() === 'path')?.value;
    const image = given && imagePathOf(given);
    if (image) paths.push(image.toLowerCase());
    for (const child of element.children) if (child.kind === 'element') open.push(child);
  }
  return paths;
}
