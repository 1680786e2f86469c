// Services and drivers judged by what they start: replaced licensing services, listeners for activations, settings of emulators.
import { lookAtServiceStart } from '../../formats/activation-script/scm-entry.ts';
import { defineRule } from '../../lint/rule.ts';

export const backgroundProgram = defineRule({
  id: 'activation/background-program',
  title: 'No service answers activations, and the licensing services are those of Windows',
  description: `Looks at every service and driver of every control set: its program with arguments, the library that svchost loads for it, what is run
when it fails, and the names of its parameters.

**Certain.** A service with two or more settings that only KMS emulators read.
**Strong.** \`sppsvc\`, \`osppsvc\`, \`slsvc\` or \`ClipSVC\` runs or loads another file, or is switched off; a command line that listens at port 1688, activates at
a host that \`lint.kmsHosts\` does not list, or fetches what it runs; a driver that is told port 1688.
**Weak.** Port 1688 alone among the arguments, or as a setting for a port below \`Parameters\`; a service that is a shell or a script, as wrappers
install them; a service that starts by itself from a folder for anybody's data.

**Honest look-alikes.** Cloud agents with "key management" in their name, VPN services, \`sppsvc\` with delayed start or on demand.

**Cannot be proved.** What a program does that is called by an innocent command line: the rules on contents look at the program.

Sources: Microsoft, "Services" and the hives of Windows 7, 8.1 and 10; parameters of emulators as Microsoft Defender names them.`,
  why: 'A service runs as SYSTEM before anybody logs on. An emulator as a service activates every copy of the image against itself.',
  repair: {
    text: 'Remove the service and its file; give the licensing service its own `ImagePath` back, or start again from a clean image.',
  },
  level: 'strong',
  levels: { settings: 'certain', port: 'weak', interpreter: 'weak', fromData: 'weak' },
  options: {},
  messages: {
    replaced: 'the licensing service {name} runs another program',
    library: 'the licensing service {name} loads another library',
    disabled: 'the licensing service {name} is switched off',
    settings: 'the service {name} has settings that only a KMS emulator reads ({settings})',
    listens: 'the service {name} listens at the port of activation',
    redirects: 'the driver {name} is told the port of activation ({settings})',
    port: 'the service {name} is told the port of activation',
    activates: 'the service {name} {what}',
    fetches: 'the service {name} fetches a text and runs it',
    interpreter: 'the service {name} is a shell or a script',
    fromData: 'the service {name} starts by itself from a folder for anybody’s data',
  },
  select: {},
  create: (ctx) => ({
    async end() {
      for (const service of (await ctx.views.scmEntries()) ?? []) {
        const { name, key } = service;
        const { signs, faults } = lookAtServiceStart(service, ctx.policy.kmsHosts);
        for (const { kind, value, evidence, strength, what } of signs) {
          ctx.report({
            messageId: kind,
            at: { hive: 'SYSTEM', key, ...(value === undefined ? {} : { name: value }) },
            data: { name, what, settings: evidence },
            evidence,
            level: strength,
          });
        }
        for (const fault of faults) ctx.unable(`SYSTEM\\${key}: ${fault}`);
      }
    },
  }),
});
