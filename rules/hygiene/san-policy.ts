// A Windows To Go workspace must leave the disks of its host alone: SanPolicy 4 in the control set that is started.
import { ImageError } from '../../errors.ts';
import { controlSets, defaultControlSet } from '../../image/control-set.ts';
import type { Hive } from '../../image/image.ts';
import { defineRule, type Location } from '../../lint/rule.ts';

/** OFFLINE_INTERNAL: internal disks stay offline unless somebody brings them online. */
const OFFLINE_INTERNAL = 4;

export const sanPolicy = defineRule({
  id: 'hygiene/san-policy',
  title: 'The workspace leaves the disks of its host offline',
  description: `Reads \`Services\\partmgr\\Parameters\\SanPolicy\` in the control set that \`Select\\Default\` names, or in every one when it names none.

**Honest look-alikes.** None in a Windows To Go image; a stock installation fails by design.

**Cannot be proved.** What a script or a policy sets once the workspace runs.

Sources: Microsoft, "Deploy Windows To Go in your organization" (SanPolicy 4, OFFLINE_INTERNAL).`,
  why: `A stick is plugged into many hosts. With any policy but 4 Windows brings their internal disks online: it may write to them, and
whoever works on the stick can read them. Both stock Windows 10 hives that were measured hold 1.`,
  repair: {
    step: 'workspace-policy',
    text: `Set the value to 4 in the started control set. The setting in an answer file does nothing here: the pass offlineServicing is applied by
Setup and DISM only, never at first boot.`,
  },
  severity: 'error',
  options: {},
  messages: {
    wrong: 'SanPolicy is {value}, not 4: the internal disks of every host come online',
    missing: 'SanPolicy is not set: the internal disks of every host come online',
  },
  select: {},
  create(ctx) {
    return {
      async end(image) {
        const system = await image.hive('SYSTEM');
        const sets = startedSets(system);
        if (sets.length === 0) ctx.unable('SYSTEM: holds no control set');
        for (const set of sets) {
          const key = `${set}\\Services\\partmgr\\Parameters`;
          const stored = system.value(key, 'SanPolicy');
          const at: Location = { hive: 'SYSTEM', key, name: 'SanPolicy' };
          const value = stored?.decoded?.type === 'REG_DWORD' ? stored.decoded.data : undefined;
          if (!stored) ctx.report({ messageId: 'missing', at });
          else if (value !== OFFLINE_INTERNAL) ctx.report({ messageId: 'wrong', at, data: { value: value ?? 'no number' } });
        }
      },
    };
  },
});

function startedSets(system: Hive): readonly string[] {
  try {
    return [defaultControlSet(system)];
  } catch (error) {
    if (error instanceof ImageError) return controlSets(system);
    throw error;
  }
}
