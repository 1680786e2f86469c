// Which files of a Windows installation a command line names: the program, and the scripts and libraries among its arguments.

/** Windows refuses longer command lines (32,767 characters); what stands behind is not run. */
const LINE_MAX = 32_767;
/** A path with more spaces is not tried at each of them. */
const SPACES_MAX = 32;
const RUNNABLE = /\.(?:exe|com|dll|sys|cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|hta|msi|py|cpl|scr|xml|reg|inf)$/i;

/** Folders by variable, as they lie on the system drive of every Windows. */
const VARIABLES: Readonly<Record<string, string>> = {
  systemroot: '\\Windows',
  windir: '\\Windows',
  systemdrive: '',
  programfiles: '\\Program Files',
  'programfiles(x86)': '\\Program Files (x86)',
  programw6432: '\\Program Files',
  commonprogramfiles: '\\Program Files\\Common Files',
  'commonprogramfiles(x86)': '\\Program Files (x86)\\Common Files',
  programdata: '\\ProgramData',
  allusersprofile: '\\ProgramData',
  public: '\\Users\\Public',
};

/**
 * The paths that a command line may mean, from the image root with `/`: one list for each file, most likely first, because an unquoted
 * path with spaces can mean several (`C:\Program Files\a b.exe` is tried as `C:\Program.exe` first by CreateProcess).
 * `folder` is what relative names and `%~dp0` stand on; without it they are left out. Anything that cannot be resolved gives nothing.
 */
export function targetsOf(line: string, folder?: string): readonly (readonly string[])[] {
  const text = expand(line.replaceAll('\0', '').slice(0, LINE_MAX).trim(), folder);
  const targets: (readonly string[])[] = [];
  const program = programOf(text, folder);
  if (program.length > 0) targets.push(program);
  for (const word of wordsOf(text)) {
    const path = RUNNABLE.test(word) ? imagePath(word, folder) : undefined;
    if (path !== undefined && !targets.some((target) => target.includes(path))) targets.push([path]);
  }
  return targets;
}

/**
 * Every path that a command line names, whatever its ending, a named stream behind it included (`/a.txt:b.vbs`), from the image root with
 * `/`. `folder` as in `targetsOf`.
 */
export function pathsIn(line: string, folder?: string): readonly string[] {
  const text = expand(line.replaceAll('\0', '').slice(0, LINE_MAX), folder);
  const words = [/"([^"]+)"/g, /'([^']+)'/g, /([^\s"'()&|<>,;]+)/g].flatMap((one) => [...text.matchAll(one)].map((match) => match[1]!));
  const named = words.flatMap(behindSwitch).filter((word) => !/^\/[^/\\]*$/.test(word)); // `/s` is a switch
  const paths = named.map((word) => imagePath(word.replace(/^file:\/*/i, ''), folder));
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/** The program at the beginning: quoted, or up to one of the spaces. */
function programOf(text: string, folder: string | undefined): readonly string[] {
  const quoted = /^"([^"]*)"/.exec(text)?.[1];
  if (quoted !== undefined) return withExtension(imagePath(quoted, folder));
  const words = text.split(/[ \t]+/, SPACES_MAX);
  const tries = words.map((_, count) => words.slice(0, count + 1).join(' '));
  return [...new Set(tries.flatMap((path) => withExtension(imagePath(path, folder))))];
}

/** Without an extension Windows adds `.exe`. */
function withExtension(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  return /\.[A-Za-z0-9]{1,4}$/.test(path) ? [path] : [path, `${path}.exe`];
}

/** Quoted texts and words; a switch with a path behind a colon or an equals sign (`/file:C:\a.ps1`) gives the path. */
function wordsOf(text: string): readonly string[] {
  const words = [...text.matchAll(/"([^"]+)"|'([^']+)'|([^\s"'()&|<>,;]+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  return words.flatMap(behindSwitch);
}

function behindSwitch(word: string): readonly string[] {
  const behind = /^[-/@]?\w*[:=](.*\\.*)$/.exec(word)?.[1];
  return behind !== undefined && !/^[A-Za-z]:\\/.test(word) ? [behind] : [word];
}

function expand(text: string, folder: string | undefined): string {
  const withFolder = folder === undefined ? text : text.replace(/%~d?p0/gi, `C:${folder.replaceAll('/', '\\')}\\`);
  return withFolder
    .replace(/%([A-Za-z0-9()]+)%/g, (whole, name: string) =>
      Object.hasOwn(VARIABLES, name.toLowerCase()) ? `C:${VARIABLES[name.toLowerCase()]}` : whole,
    )
    .replace(/\$env:(\w+)/gi, (whole, name: string) =>
      Object.hasOwn(VARIABLES, name.toLowerCase()) ? `C:${VARIABLES[name.toLowerCase()]}` : whole,
    );
}

/** A Windows path as a path of the image; undefined for another drive, a share, a device, or a name that needs a search path. */
function imagePath(text: string, folder: string | undefined): string | undefined {
  const path = text
    .trim()
    .replaceAll('/', '\\')
    .replace(/^\\\?\?\\|^\\\\[?.]\\/, '')
    .replace(/^\\?SystemRoot\\/i, 'C:\\Windows\\')
    .replace(/^System32\\/i, 'C:\\Windows\\System32\\');
  if (path === '' || /[*?"<>|%]/.test(path)) return undefined;
  if (/^C:\\/i.test(path)) return clean(path.slice(2));
  if (/^\\[^\\]/.test(path)) return clean(path);
  if (folder !== undefined && !/^[A-Za-z]:|^\\\\/.test(path)) return clean(`${folder.replaceAll('/', '\\')}\\${path}`);
  return undefined;
}

/** Resolves `.` and `..`, never above the root; drops the dots and blanks at the end of a name, as Windows does. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('\\')) {
    const name = part.replace(/(?<![. ])[. ]+$/, '');
    if (part === '..') parts.pop();
    else if (name !== '' && !/^[. ]+$/.test(name)) parts.push(name);
  }
  return `/${parts.join('/')}`;
}
