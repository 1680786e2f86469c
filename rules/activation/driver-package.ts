// Driver packages judged by what their INF would install: services, values in the registry, commands, and files in the place of others.
import { lookAtCommand } from '../../formats/activation-script/command.ts';
import { editedServices, isOfService, lookAtEdits } from '../../formats/activation-script/registry-edit.ts';
import { lookAtServiceStart, type ServiceStart } from '../../formats/activation-script/scm-entry.ts';
import type { ImageFile } from '../../image/image.ts';
import { defineRule, type Level } from '../../lint/rule.ts';

/** A service that is a program and no driver. */
const PROGRAM = 0x30;
const ON_DEMAND = 3;
/** Where an installer puts programs: with Windows, among the programs, in the driver store. A relative path stands on Windows' own folder. */
const HOMES =
  /^"?(?:(?:[a-z]:|%systemdrive%)?\\(?:windows|program files(?: \(x86\))?)\\|%(?:systemroot|windir|programfiles(?:\(x86\))?|programw6432|commonprogramfiles(?:\(x86\))?)%\\|\\systemroot\\)/i;
/** Folders of everybody's data below Windows. */
const NO_HOME =
  /^"?(?:[a-z]:|%systemdrive%)?\\windows\\(?:temp|tasks|debug|tracing|setup\\scripts)\\|^"?%(?:systemroot|windir)%\\(?:temp|tasks)\\/i;
/** What licensing is made of, and where it keeps its state. */
const LICENSING_FILE =
  /\\(?:sppc|sppcext|slc|slcext|sppobjs|sppwinob|osppc|osppcext|osppobjs|pidgenx|clipc)\.dll$|\\(?:sppsvc|sppextcomobj|osppsvc|slsvc|slui|clipup)\.exe$|\\spp\\(?:store|tokens)\\|\\clipsvc\\/i;

export const driverPackage = defineRule({
  id: 'activation/driver-package',
  title: 'No driver package installs what activates Windows, or a program that is no driver',
  description: `Reads every INF of the image, wherever it lies (driver store, \`Windows\\INF\`, \`$OEM$\`, folders of drivers, archives), as Windows would install it:
strings and folder numbers are put in, sections that point to each other are followed.

**Certain or strong.** A service that \`activation/background-program\` would tell once it is installed: one that replaces a licensing service, listens at
the port of activation, activates or fetches, a driver that is told the port; a service that is a shell or a script, which no device needs; a program that
starts by itself from outside of Windows, the programs and the driver store. Values for the registry that hijack, redirect or activate, as they would be
told in a script. Commands of the installation and programs of software components that activate or fetch. A file that is copied in the place
of a licensing program or of its state.
**Weak.** A program on demand from outside of those folders; the port of activation alone.

**Honest look-alikes.** Drivers in \`System32\\drivers\` or in the driver store, services in svchost, control panels below Program Files, and everything
that devices write below their own keys.

**Cannot be proved.** What a driver does, and a co-installer; a name that the INF takes from the registry while it is installed.

Sources: Microsoft, "INF AddService Directive", "INF AddReg Directive", "INF AddSoftware Directive", "Using Dirids".`,
  why: `Windows installs a driver package as SYSTEM, without a question, on the first machine that has the device, or on all of them when the
device is one that the package itself makes.`,
  repair: {
    text: 'Remove the package (`DISM /Image:… /Remove-Driver /Driver:oemN.inf`), or the folder that it lies in; take drivers from their vendors.',
  },
  level: 'strong',
  levels: { settings: 'certain', port: 'weak', fromData: 'weak' },
  options: {},
  messages: {
    replaced: 'installs another program for the licensing service {name}',
    library: 'installs another library for the licensing service {name}',
    disabled: 'switches the licensing service {name} off',
    settings: 'installs the service {name} with settings that only a KMS emulator reads ({evidence})',
    listens: 'installs the service {name}, which listens at the port of activation',
    redirects: 'installs the driver {name}, which is told the port of activation ({evidence})',
    port: 'installs the service {name}, which is told the port of activation',
    activates: 'installs the service {name}, which {what}',
    fetches: 'installs the service {name}, which fetches a text and runs it',
    interpreter: 'installs the service {name}, which is a shell or a script',
    fromData: 'installs the service {name}, which starts by itself from a folder for anybody’s data',
    outside: 'installs the program {name} as a service from outside of Windows and the driver store',
    writes: 'writes into the registry what {what}',
    starts: 'writes a start into the registry that {what}',
    command: 'runs a command when it is installed that {what}',
    copies: 'copies a file in the place of one of licensing',
  },
  select: { files: ['/**/*.inf'], content: 'whole', large: 'visit' },
  create(ctx) {
    function judge(file: ImageFile, service: ServiceStart & { readonly line: number }): void {
      const { name, line, imagePath, start, type = 0 } = service;
      const at = { file: file.path, line };
      const { signs, faults } = lookAtServiceStart(
        { ...service, parameters: service.parameters.map((one) => ({ ...one, name: one.name.toLowerCase() })) },
        ctx.policy.kmsHosts,
      );
      for (const { kind, evidence, strength, what } of signs)
        ctx.report({
          messageId: kind,
          at,
          data: { name, what, evidence },
          evidence,
          level: strength,
        });
      for (const fault of faults) ctx.unable(`${file.path}: line ${line}: ${fault}`);
      const isAbsolute = /^"?(?:[a-z]:|%|\\)/i.test(imagePath);
      if ((type & PROGRAM) === 0 || !isAbsolute || signs.some(({ kind }) => kind === 'fromData')) return;
      if (HOMES.test(imagePath) && !NO_HOME.test(imagePath)) return;
      const level: Level = (start ?? ON_DEMAND) < ON_DEMAND ? 'strong' : 'weak';
      ctx.report({ messageId: 'outside', at, data: { name }, evidence: imagePath, level });
    }

    function look(file: ImageFile, messageId: 'starts' | 'command', text: string, line: number): void {
      const { signs, fetches, faults } = lookAtCommand(text, ctx.policy.kmsHosts);
      const at = { file: file.path, line };
      for (const { what, strength, command } of signs) ctx.report({ messageId, at, data: { what }, evidence: command, level: strength });
      if (fetches) ctx.report({ messageId, at, data: { what: 'fetches a text and runs it' }, evidence: text });
      for (const fault of faults) ctx.unable(`${file.path}: line ${line}: ${fault}`);
    }

    return {
      async file(file, content) {
        if (file.size === 0) return; // as a folder, too
        const inf = await ctx.views.inf({ file }, content);
        if (!inf) return;
        const added = new Set(inf.services.map(({ name }) => name.toLowerCase()));
        const changed = editedServices(inf.values).filter(({ name }) => !added.has(name.toLowerCase()));
        for (const service of [...inf.services, ...changed]) judge(file, service);
        const { signs, starts } = lookAtEdits(
          inf.values.filter((value) => !isOfService(value)),
          ctx.policy.kmsHosts,
        );
        for (const { what, strength, command, edit } of signs)
          ctx.report({ messageId: 'writes', at: { file: file.path, line: edit.line }, data: { what }, evidence: command, level: strength });
        for (const { edit } of starts) look(file, 'starts', edit.data, edit.line);
        for (const { text, line } of inf.commands) look(file, 'command', text, line);
        for (const { to, line } of inf.copies)
          if (LICENSING_FILE.test(to)) ctx.report({ messageId: 'copies', at: { file: file.path, line }, evidence: to });
      },
    };
  },
});
