// Where Windows Setup looks for an answer file inside an installed image, in the order in which it looks.

export interface AnswerFileLocation {
  readonly path: string; // from the image root; Setup does not mind the case
  readonly reason: string;
}

/** The registry value that Setup asks before it looks at any folder: key below the SYSTEM hive's root, and name. */
export const ANSWER_FILE_VALUE = { key: 'Setup', name: 'UnattendFile' } as const;

/**
 * Ordered as Setup searches: the first file that holds the pass wins. Removable media come between Panther and Sysprep and are no part
 * of an image. Source: Windows Setup Automation Overview (Microsoft, 2018), "implicit answer file search order".
 */
export const answerFileLocations: readonly AnswerFileLocation[] = [
  { path: '/Windows/Panther/Unattend/Unattend.xml', reason: 'searched first; used by installations that were started from Windows' },
  { path: '/Windows/Panther/Unattend/Autounattend.xml', reason: 'searched first; used by installations that were started from Windows' },
  { path: '/Windows/Panther/Unattend.xml', reason: 'the copy that Setup keeps and works from; stands above removable media and Sysprep' },
  {
    path: '/Windows/Panther/Autounattend.xml',
    reason: 'the copy that Setup keeps and works from; stands above removable media and Sysprep',
  },
  {
    path: '/Windows/System32/Sysprep/Unattend.xml',
    reason: 'read after removable media, for every pass but windowsPE and offlineServicing',
  },
  { path: '/Unattend.xml', reason: 'the root of the system drive, searched last' },
  { path: '/Autounattend.xml', reason: 'the root of the system drive, searched last' },
];

/** Other places that may hold a copy of an answer file, secrets included, though Setup does not read it there. */
export const answerFileCopies: readonly AnswerFileLocation[] = [
  { path: '/Windows/Panther/unattend-original.xml', reason: 'a copy of the file as it was given to Setup' },
  { path: '/Windows/Panther/UnattendGC/Unattend.xml', reason: 'working folder of the oobeSystem pass' },
  { path: '/$Windows.~BT/Sources/Panther/Unattend.xml', reason: 'working folder of the first passes of an upgrade' },
];

/** The same places as a running Windows names them: where a file was embedded, and what Setup keeps of it. */
export const answerFilesInWindows = [
  '%SystemRoot%\\Panther\\unattend.xml',
  '%SystemRoot%\\Panther\\autounattend.xml',
  '%SystemRoot%\\Panther\\unattend-original.xml',
  '%SystemRoot%\\Panther\\Unattend\\unattend.xml',
  '%SystemRoot%\\Panther\\UnattendGC\\unattend.xml',
  '%SystemRoot%\\System32\\Sysprep\\unattend.xml',
  '%SystemDrive%\\unattend.xml',
  '%SystemDrive%\\autounattend.xml',
];
