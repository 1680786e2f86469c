// Every view that rules share; written by `npm run gen` from the files of this folder, do not edit.
import { hosts } from './hosts.ts';

export const views = { hosts };
