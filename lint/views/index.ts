// Every view that rules share; written by `npm run gen` from the files of this folder, do not edit.
import { autostart } from './autostart.ts';
import { bcd } from './bcd.ts';
import { carved } from './carved.ts';
import { firewall } from './firewall.ts';
import { hosts } from './hosts.ts';
import { inf } from './inf.ts';
import { link } from './link.ts';
import { pastStarts } from './past-starts.ts';
import { pe } from './pe.ts';
import { scmEntries } from './scm-entries.ts';
import { script } from './script.ts';
import { startLines } from './start-lines.ts';
import { systemStarts } from './system-starts.ts';
import { tasks } from './tasks.ts';

export const views = {
  autostart,
  bcd,
  carved,
  firewall,
  hosts,
  inf,
  link,
  pastStarts,
  pe,
  scmEntries,
  script,
  startLines,
  systemStarts,
  tasks,
};
