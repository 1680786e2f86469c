// Directory identifiers of INF files as folders of Windows, fixed ones and shell folders: Microsoft, "Using Dirids".

const FIXED: Readonly<Record<number, string>> = {
  10: '\\Windows',
  11: '\\Windows\\System32',
  12: '\\Windows\\System32\\drivers',
  17: '\\Windows\\INF',
  18: '\\Windows\\Help',
  20: '\\Windows\\Fonts',
  21: '\\Windows\\System32\\viewers',
  23: '\\Windows\\System32\\spool\\drivers\\color',
  24: '',
  25: '\\Windows',
  30: '',
  50: '\\Windows\\System',
  51: '\\Windows\\System32\\spool',
  52: '\\Windows\\System32\\spool\\drivers',
  53: '\\Users\\Default',
  54: '',
  55: '\\Windows\\System32\\spool\\prtprocs',
};
/** From here on the numbers are those of shell folders (CSIDL), which begin at 0. */
const SHELL = 0x4000;
const SHELL_FOLDERS: Readonly<Record<number, string>> = {
  2: '\\Users\\Default\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs',
  7: '\\Users\\Default\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup',
  22: '\\ProgramData\\Microsoft\\Windows\\Start Menu',
  23: '\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs',
  24: '\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\Startup',
  25: '\\Users\\Public\\Desktop',
  26: '\\Users\\Default\\AppData\\Roaming',
  28: '\\Users\\Default\\AppData\\Local',
  35: '\\ProgramData',
  36: '\\Windows',
  37: '\\Windows\\System32',
  38: '\\Program Files',
  40: '\\Users\\Default',
  41: '\\Windows\\SysWOW64',
  42: '\\Program Files (x86)',
  43: '\\Program Files\\Common Files',
  44: '\\Program Files (x86)\\Common Files',
  46: '\\Users\\Public\\Documents',
};
/** 13 is where the package itself lies in the driver store, 1 where the INF lies that is installed. */
const STORE = 'C:\\Windows\\System32\\DriverStore\\FileRepository\\package.inf';

/** The folder that a number stands for, with its drive; undefined for one that only the INF itself defines. */
export function infDirectory(id: number): string | undefined {
  if (id === 1 || id === 13) return STORE;
  const folder = id >= SHELL ? SHELL_FOLDERS[id - SHELL] : FIXED[id];
  return folder === undefined ? undefined : `C:${folder}`;
}

/** The text with every `%number%` replaced by its folder, as far as that is known. */
export function withDirectories(text: string): string {
  return text.replace(/%(\d{1,5})%/g, (token, digits: string) => infDirectory(Number(digits)) ?? token);
}
