// Security descriptors that guard a file from ordinary users, and such that do not.
import { descriptorOf } from './windows-tree.ts';

export const FULL = 0x1f01ff;
export const MODIFY = 0x1301bf;
export const READ = 0x1200a9;
export const SYSTEM = 'S-1-5-18';
export const ADMINISTRATORS = 'S-1-5-32-544';
export const GUARDED = descriptorOf([
  [0, FULL, SYSTEM],
  [0, FULL, ADMINISTRATORS],
  [0, READ, 'S-1-5-32-545'],
  [0x08, FULL, 'S-1-1-0'], // inherit only: says nothing about the file
]);
export const FOR_USERS = descriptorOf([
  [0, FULL, SYSTEM],
  [0, MODIFY, 'S-1-5-32-545'],
]);
export const FOR_EVERYONE = descriptorOf([[0, FULL, 'S-1-1-0']]);
export const FOR_AUTHENTICATED = descriptorOf([[0, 0x2, 'S-1-5-11']]);
