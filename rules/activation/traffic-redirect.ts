// Drivers that redirect or capture traffic: activators use them to make an emulator on the machine look like a host in the network.
import { defineRule } from '../../lint/rule.ts';

const DIVERT = /\/windivert(?:32|64)?\.(?:sys|dll)$/i;
const TAP = /\/(?:tap0901|tap0801|tap_ovpnconnect|tapsparklabs|ptun0901|tapwindows6)\.sys$/i;
const INSTALLER = /\/(?:devcon|tapinstall)(?:64|32)?\.exe$/i;
/** Where such a driver belongs: the drivers of Windows, its driver store, and the folder of an installed program. */
const INSTALLED = /^\/(?:Windows\/System32\/(?:drivers|DriverStore)|Windows\/WinSxS|Program Files(?: \(x86\))?\/[^/]+)\//i;

export const trafficRedirect = defineRule({
  id: 'activation/traffic-redirect',
  title: 'No driver redirects the traffic of activation',
  description: `Finds WinDivert, and a TAP adapter that lies outside of the places of installed drivers and programs, beside the tool that installs it.

An emulator on the machine itself is refused by clients that look at the address; with such a driver it looks like another machine.

**Honest look-alikes.** Clients of private networks install a TAP adapter; some of them and some firewalls use WinDivert. That is why this is a weak
sign, which becomes strong together with another one.

**Cannot be proved.** What the driver is used for; other drivers of the kind.

Sources: public descriptions of emulators that bring such a driver; Sigma's rule on WinDivert.`,
  why: 'It is how some activators hide that they answer from the same machine.',
  repair: { text: 'Remove the driver if no program that you installed needs it; else add an allowlist entry that names the program.' },
  level: 'weak',
  options: {},
  messages: {
    divert: 'is a driver or library that redirects network traffic (WinDivert)',
    tap: 'is a network adapter driver (TAP) beside the tool that installs it, outside of an installed program',
  },
  select: { files: ['/**/windivert*', '/**/*tap*.sys', '/**/ptun0901.sys', '/**/devcon*.exe', '/**/tapinstall*.exe'] },
  create(ctx) {
    const taps: string[] = [];
    const installers = new Set<string>();
    const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/')).toLowerCase();
    return {
      file({ path, folder }) {
        if (folder) return;
        if (DIVERT.test(path)) ctx.report({ messageId: 'divert', at: { file: path } });
        else if (TAP.test(path) && !INSTALLED.test(path)) taps.push(path);
        else if (INSTALLER.test(path)) installers.add(folderOf(path));
      },
      end() {
        for (const path of taps) if (installers.has(folderOf(path))) ctx.report({ messageId: 'tap', at: { file: path } });
      },
    };
  },
});
