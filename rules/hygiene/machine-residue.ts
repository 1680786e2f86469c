// What a reference machine leaves of itself and of its starts: drive letters, its clock, logs, profiles of people, memory written to disk.
import { controlSets } from '../../image/control-set.ts';
import { valueNumber, valueText } from '../../image/value-text.ts';
import { defineRule, type Location } from '../../lint/rule.ts';

const PREFETCH = '/Windows/Prefetch/*.pf';
const EVENTS = '/Windows/System32/winevt/Logs/*.evtx';
const DUMPS = '/Windows/{MEMORY.DMP,Minidump/*.dmp}';
const SLEEP = '/hiberfil.sys';
const SWAP = '/{pagefile,swapfile}.sys';
/** An event log that holds nothing: a head of 4 KiB and one empty chunk of 64 KiB. (libyal/libevtx, "Windows XML Event Log (EVTX) format") */
const EMPTY_LOG = 4096 + 65_536;
const ROOT = '(?:c:|%systemdrive%)';
/** Profiles of Windows itself; and Administrator, whose profile audit mode makes and CopyProfile is taken from. */
const PERSON = new RegExp(`^${ROOT}\\\\users\\\\(?!(?:default|public|administrator|defaultuser\\d+|all users)$)[^\\\\]+$`, 'i');

type Counted = 'prefetch' | 'events' | 'profiles';

export const machineResidue = defineRule({
  id: 'hygiene/machine-residue',
  title: 'Little is left of the machine that the image was made on',
  description: `Counts what a machine gathers while it runs and what sysprep leaves: drive letters in \`MountedDevices\`, prefetch files, event logs with
something in them, profiles of people, crash dumps, the memory of a machine that sleeps, files of virtual memory, and a clock that runs in UTC
(\`RealTimeIsUniversal\`).

**Verdict.** A note for each kind, since every reference machine was started before it was sealed. A warning for what is of one machine: memory on disk, dumps
of it, and the clock. The markers that decide whether the image is sealed are the part of \`hygiene/generalized\`.

**Honest look-alikes.** The profile of Administrator after audit mode; empty event logs; \`RealTimeIsUniversal\` on purpose, where all hosts have their
clock in UTC.

**Cannot be proved.** When something was left: before the seal it is usual, after it the image was started. Files carry no time here.

Sources: Microsoft, "Sysprep overview" and the Windows To Go guide (hibernation is off on a workspace); libyal, EVTX format; MountedDevices and profiles by
practice [U].`,
  why: `Whoever holds a copy reads what was done on the reference machine: programs, names of people, what was in its memory. A clock in UTC makes
every host with a usual clock wrong by its time zone, which a KMS host refuses from four hours on.`,
  repair: {
    text: 'Clear the logs (`wevtutil cl`), switch hibernation off (`powercfg /h off`), remove profiles of people, and seal again; delete RealTimeIsUniversal.',
  },
  severity: 'note',
  options: {},
  messages: {
    drives: 'MountedDevices keeps {count} drive letters of the reference machine',
    prefetch: '{count} programs were started often enough to be prefetched',
    events: '{count} event logs hold something',
    profiles: '{count} people have a profile',
    memory: '{name} holds the memory of a machine ({size} bytes)',
    clock: 'Windows takes the clock of every host for UTC (RealTimeIsUniversal)',
  },
  select: {
    files: [PREFETCH, EVENTS, DUMPS, SLEEP, SWAP],
    keys: ['SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\*', 'SYSTEM\\MountedDevices'],
    content: 'none',
  },
  create(ctx) {
    const first = new Map<Counted, { readonly at: Location; count: number }>();
    const count = (kind: Counted, at: Location) => {
      const known = first.get(kind);
      if (known) known.count++;
      else first.set(kind, { at, count: 1 });
    };

    return {
      file({ path, size }) {
        if (size === 0) return; // of a folder, too
        if (/\.pf$/i.test(path)) count('prefetch', { file: path });
        else if (!/\.evtx$/i.test(path)) {
          const name = path.slice(path.lastIndexOf('/') + 1);
          ctx.report({ messageId: 'memory', at: { file: path }, data: { name, size }, severity: 'warning' });
        } else if (size > EMPTY_LOG) count('events', { file: path });
      },
      key(key) {
        if (/^MountedDevices$/i.test(key.path)) {
          const letters = [...key.values.values()].filter(({ name }) => /^\\DosDevices\\[a-z]:$/i.test(name));
          if (letters.length > 0)
            ctx.report({ messageId: 'drives', at: { hive: 'SYSTEM', key: key.path }, data: { count: letters.length } });
          return;
        }
        const path = valueText(key.values.get('profileimagepath')) ?? '';
        if (PERSON.test(path)) count('profiles', { hive: 'SOFTWARE', key: key.path, name: 'ProfileImagePath' });
      },
      async end(image) {
        for (const [messageId, { at, count: many }] of first) ctx.report({ messageId, at, data: { count: many } });
        const system = await image.hive('SYSTEM');
        for (const set of controlSets(system)) {
          const key = `${set}\\Control\\TimeZoneInformation`;
          const value = system.value(key, 'RealTimeIsUniversal');
          if ((valueNumber(value) ?? 0) !== 0)
            ctx.report({ messageId: 'clock', at: { hive: 'SYSTEM', key, name: 'RealTimeIsUniversal' }, severity: 'warning' });
        }
      },
    };
  },
});
