// Services and drivers judged by what they start: replaced licensing services, listeners for activations, settings of emulators.
import { lookAtCommand } from '../../formats/activation-script/command.ts';
import { defineRule, type Level } from '../../lint/rule.ts';

/** What each licensing service runs, in every Windows and Office that has it. */
const LICENSING: Readonly<Record<string, RegExp>> = {
  sppsvc: system32('sppsvc\\.exe'),
  slsvc: system32('slsvc\\.exe'),
  clipsvc: system32('svchost\\.exe\\s+-k\\s+\\S+(?:\\s+-p)?(?:\\s+-s\\s+clipsvc)?'),
  osppsvc:
    /^"?(?:c:\\program files(?: \(x86\))?|%(?:common)?programfiles(?:\(x86\))?%)\\(?:common files\\)?microsoft shared\\officesoftwareprotectionplatform\\osppsvc\.exe"?$/i,
};
const CLIP_LIBRARY = system32('clipsvc\\.dll');
/** These two run in every Windows that is activated. */
const NEEDED = new Set(['sppsvc', 'clipsvc']);
const DISABLED = 4;

/** Settings of KMS emulators; one alone may be something else's. */
const SETTINGS = new Set(['kmspid', 'kmshwid', 'kmsport', 'defaultkmspid', 'randomkmspid', 'killprocessonport', 'defaultkmshwid']);
/** The port of activation as an argument: after a switch, an equals sign, or behind an address. */
const PORT = /(?:^|[\s:=,"'])1688(?=$|[\s"',])/;
/** A listener is told to run, to listen, and where. */
const LISTENS = /(?:^|\s)(?:--?|\/)(?:l|listen|d|daemon)\b|0\.0\.0\.0|\[?::\]?:/i;

function system32(program: string): RegExp {
  return new RegExp(`^"?(?:%(?:systemroot|windir)%|\\\\?systemroot|c:\\\\windows|(?=system32))\\\\?system32\\\\${program}"?$`, 'i');
}

export const backgroundProgram = defineRule({
  id: 'activation/background-program',
  title: 'No service answers activations, and the licensing services are those of Windows',
  description: `Looks at every service and driver of every control set: its program with arguments, the library that svchost loads for it, what is run
when it fails, and the names of its parameters.

**Certain.** A service with two or more settings that only KMS emulators read.
**Strong.** \`sppsvc\`, \`osppsvc\`, \`slsvc\` or \`ClipSVC\` runs or loads another file, or is switched off; a command line that listens at port 1688, activates at
a host that \`lint.kmsHosts\` does not list, or fetches what it runs.
**Weak.** Port 1688 alone among the arguments; a service that starts by itself from a folder for anybody's data.

**Honest look-alikes.** Cloud agents with "key management" in their name, VPN services, \`sppsvc\` with delayed start or on demand.

**Cannot be proved.** What a program does that is called by an innocent command line: the rules on contents look at the program.

Sources: Microsoft, "Services" and the hives of Windows 7, 8.1 and 10; parameters of emulators as Microsoft Defender names them.`,
  why: 'A service runs as SYSTEM before anybody logs on. An emulator as a service activates every copy of the image against itself.',
  repair: {
    text: 'Remove the service and its file; give the licensing service its own `ImagePath` back, or start again from a clean image.',
  },
  level: 'strong',
  levels: { settings: 'certain', port: 'weak', fromData: 'weak' },
  options: {},
  messages: {
    replaced: 'the licensing service {name} runs another program',
    library: 'the licensing service {name} loads another library',
    disabled: 'the licensing service {name} is switched off',
    settings: 'the service {name} has settings that only a KMS emulator reads ({settings})',
    listens: 'the service {name} listens at the port of activation',
    port: 'the service {name} is told the port of activation',
    activates: 'the service {name} {what}',
    fetches: 'the service {name} fetches a text and runs it',
    fromData: 'the service {name} starts by itself from a folder for anybody’s data',
  },
  select: {},
  create: (ctx) => ({
    async end() {
      const services = (await ctx.views.scmEntries()) ?? [];
      for (const service of services) judge(service);

      function judge(service: (typeof services)[number]): void {
        const { name, key, imagePath, library, onFailure, start, parameters } = service;
        const report = (
          messageId: Parameters<typeof ctx.report>[0]['messageId'],
          value: string | undefined,
          evidence: string,
          more: { level?: Level; what?: string; settings?: string } = {},
        ) => {
          const { level, ...data } = more;
          const at = { hive: 'SYSTEM' as const, key, ...(value === undefined ? {} : { name: value }) };
          ctx.report({ messageId, at, data: { name, ...data }, evidence, ...(level === undefined ? {} : { level }) });
        };
        const own = name.toLowerCase();
        if (Object.hasOwn(LICENSING, own)) {
          if (imagePath !== '' && !LICENSING[own]!.test(imagePath)) report('replaced', 'ImagePath', imagePath);
          if (own === 'clipsvc' && library !== '' && !CLIP_LIBRARY.test(library)) report('library', undefined, library);
          if (own !== 'clipsvc' && library !== '') report('library', undefined, library);
          if (NEEDED.has(own) && start === DISABLED) report('disabled', 'Start', 'Start = 4');
        }
        const settings = parameters.filter((one) => SETTINGS.has(one));
        if (settings.length > 1) report('settings', undefined, settings.join(', '), { settings: settings.join(', ') });
        for (const [value, line] of [
          ['ImagePath', imagePath],
          ['FailureCommand', onFailure],
        ] as const) {
          if (line === '') continue;
          const look = lookAtCommand(line, ctx.policy.kmsHosts);
          for (const { what, strength, command } of look.signs) report('activates', value, command, { level: strength, what });
          for (const fault of look.faults) ctx.unable(`SYSTEM\\${key}: ${fault}`);
          if (look.fetches) report('fetches', value, line);
          if (PORT.test(line)) report(LISTENS.test(line) ? 'listens' : 'port', value, line);
          if (look.fromData && start !== undefined && start < 3) report('fromData', value, line);
        }
      }
    },
  }),
});
