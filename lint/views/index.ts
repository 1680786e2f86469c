// Every view that rules share; written by `npm run gen` from the files of this folder, do not edit.
import { hosts } from './hosts.ts';
import { pe } from './pe.ts';
import { script } from './script.ts';

export const views = { hosts, pe, script };
