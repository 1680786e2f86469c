// Paths as Windows writes them in settings and commands, as paths of the image.

const VARIABLES: Readonly<Record<string, string>> = {
  allusersprofile: '/ProgramData',
  programdata: '/ProgramData',
  programfiles: '/Program Files',
  public: '/Users/Public',
  systemdrive: '',
  systemroot: '/Windows',
  windir: '/Windows',
};

/** `C:\Windows\x.cmd`, `%SystemRoot%\x.cmd` or `%WINDIR%\x.cmd` as `/Windows/x.cmd`; undefined for other drives and variables. */
export function imagePathOf(text: string): string | undefined {
  const path = text.replaceAll('\0', '').trim().replaceAll('\\', '/');
  const variable = /^%(\w{1,40})%(\/.*)$/.exec(path);
  const name = variable?.[1]?.toLowerCase() ?? '';
  const start = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (variable) return start === undefined ? undefined : `${start}${variable[2]}`;
  return /^c:\//i.test(path) ? path.slice(2) : undefined;
}
