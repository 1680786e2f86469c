// Where an opaque content lies: in folders that start what stands in them, and in those of Windows and its makers.
export const STARTUP = [
  '/Users/a/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup',
  '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp',
];

export const STOCK = [
  '/Program Files/Windows Defender/a.dat',
  '/Program Files (x86)/Common Files/Microsoft Shared/a.dat',
  '/ProgramData/Package Cache/a.dat',
  '/ProgramData/Microsoft/a.dat',
  '/Recovery/a.dat',
  '/Boot/a.dat',
];
export const STANDING = [
  ...STARTUP.map((folder) => `${folder}/a.bin`),
  '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/a.bin',
  '/Windows/Setup/Scripts/SetupComplete.cmd',
];
