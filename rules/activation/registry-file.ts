// Files of registry values (.reg) judged by what they would write: hijacks, hosts, redirections, starts that activate.
import { editedServices, isOfService, lookAtEdits } from '../../formats/activation-script/registry-edit.ts';
import { lookAtServiceStart } from '../../formats/activation-script/scm-entry.ts';
import { regFileEdits } from '../../formats/reg-file/edits.ts';
import { defineRule, type Level } from '../../lint/rule.ts';

/** As `activation/background-program` weighs them. */
const WEIGHTS: Readonly<Record<string, Level>> = { settings: 'certain', port: 'weak', interpreter: 'weak', fromData: 'weak' };

export const registryFile = defineRule({
  id: 'activation/registry-file',
  title: 'No file of registry values writes what activates Windows or hides that',
  description: `Reads every \`.reg\` file, in any encoding and with values in hexadecimal, as regedit does, and judges each value as the command that
would write it.

**Certain or strong.** A program put in the way of the activation service; a KMS host that \`lint.kmsHosts\` does not list; the port of
activation opened or redirected; names of activation led astray by a policy; Defender told to look away from a drive or from what is named after activation, or to allow a
threat; a start that activates, or that fetches what it runs; a service that \`activation/background-program\` would tell. **Weak.** A start from a folder for anybody's data.

**Honest look-alikes.** Settings of an organisation with its own host; exports of Windows, in which the built-in firewall rule for a KMS host is off; comments, and
keys that a file removes.

**Cannot be proved.** Whether anybody imports the file.

Sources: Microsoft, "How to add, modify, or delete registry subkeys and values by using a .reg file".`,
  why: 'Whoever opens the file, or a script that imports it, has its settings in the registry: until then no other rule sees them.',
  repair: { step: 'registry', text: 'Remove the file or the values; let the step write what the image needs.' },
  level: 'strong',
  levels: { fromData: 'weak' },
  options: {},
  messages: {
    service: 'writes the service {name}, which {what}',
    writes: 'writes into the registry what {what}',
    starts: 'writes a start into the registry that {what}',
    fromData: 'writes a start into the registry from a folder for anybody’s data',
  },
  select: { files: ['/**/*.reg'], content: 'whole' },
  create: (ctx) => ({
    file(file, content) {
      if (!content) return;
      const read = regFileEdits(content);
      if (!read) return;
      if (!read.complete) ctx.unable(`${file.path}: holds more values than are looked at (${read.edits.length})`);
      const report = (
        messageId: 'service' | 'writes' | 'starts' | 'fromData',
        line: number,
        evidence: string,
        data: Readonly<Record<string, string>> = {},
        level?: Level,
      ) => ctx.report({ messageId, at: { file: file.path, line }, data, evidence, level });
      for (const service of editedServices(read.edits)) {
        const { name, line } = service;
        const { signs, faults } = lookAtServiceStart(service, ctx.policy.kmsHosts);
        for (const { kind, evidence, strength, what } of signs) {
          report('service', line, evidence, { name, what }, strength ?? WEIGHTS[kind]);
        }
        for (const fault of faults) ctx.unable(`${file.path}: line ${line}: ${fault}`);
      }
      const { signs, starts } = lookAtEdits(
        read.edits.filter((edit) => !isOfService(edit)),
        ctx.policy.kmsHosts,
      );
      for (const { what, strength, command, edit } of signs) report('writes', edit.line, command, { what }, strength);
      for (const { edit, look } of starts) {
        for (const { what, strength, command } of look.signs) report('starts', edit.line, command, { what }, strength);
        if (look.fetches) report('starts', edit.line, edit.data, { what: 'fetches a text and runs it' });
        if (look.fromData) report('fromData', edit.line, edit.data);
        for (const fault of look.faults) ctx.unable(`${file.path}: line ${edit.line}: ${fault}`);
      }
    },
  }),
});
