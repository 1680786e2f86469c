// What copies of the registry say that Windows once started: a sign of how the reference machine was activated.
import { lookAtCommand } from '../../formats/activation-script/command.ts';
import { lookAtServiceStart, type ServiceSignKind } from '../../formats/activation-script/scm-entry.ts';
import { defineRule } from '../../lint/rule.ts';

/** Kinds that honest services have at times: a copy adds nothing to what is said of those in use. */
const USUAL: ReadonlySet<ServiceSignKind> = new Set(['port', 'interpreter', 'fromData']);

export const pastStart = defineRule({
  id: 'activation/past-start',
  title: 'No copy of the registry tells that Windows once started what activates it',
  description: `Reads the backups of the registry (\`RegBack\`) and the hives of an earlier installation (\`Windows.old\`, the store of an upgrade) as
\`activation/autostart-command\` and \`activation/background-program\` read the hives in use: Run keys in both views, Active Setup, Winlogon, policy
scripts, \`CmdLine\` of Setup, users and services as well, services of every control set.

**Weak.** Something there activates at a host that \`lint.kmsHosts\` does not list or by a way of activators, listens as an emulator does, or fetches what it
runs. It was so once; together with a second sign it is strong.

**Honest look-alikes.** Copies in which every start is one of a vendor. Since Windows 10 1803 the backups are empty.

**Cannot be proved.** Whether it ever ran, and what a machine was that has no such copies.

Sources: Microsoft, "The system registry is no longer backed up to the RegBack folder"; the places as in the two rules named above.`,
  why: 'The entry was taken away, and what it did to the state of licensing stays: who restores the backup has it again.',
  repair: { text: 'Remove the copy, and build the reference system anew from untouched media.' },
  level: 'weak',
  options: {},
  messages: {
    started: 'the copy says that {name} started what {what}',
    fetched: 'the copy says that {name} fetched a text and ran it',
    service: 'the copy says that the service {name} {what}',
  },
  select: {},
  create: (ctx) => ({
    async end() {
      const { starts, services } = (await ctx.views.pastStarts()) ?? { starts: [], services: [] };
      for (const { at, name, command } of starts) {
        const look = lookAtCommand(command, ctx.policy.kmsHosts);
        for (const { what, command: evidence } of look.signs) ctx.report({ messageId: 'started', at, data: { name, what }, evidence });
        if (look.fetches) ctx.report({ messageId: 'fetched', at, data: { name }, evidence: command });
      }
      for (const service of services) {
        const { name, key, hive } = service;
        for (const { kind, value, evidence, what } of lookAtServiceStart(service, ctx.policy.kmsHosts).signs) {
          if (USUAL.has(kind)) continue;
          const at = { hive, key, ...(value === undefined ? {} : { name: value }) };
          ctx.report({ messageId: 'service', at, data: { name, what }, evidence });
        }
      }
    },
  }),
});
