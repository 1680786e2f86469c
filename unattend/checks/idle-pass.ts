// Passes that nothing processes when an installed image starts for the first time.
import { elementsOf } from '../../formats/xml/tree.ts';
import { attributeText, defineCheck, settingsElements } from '../define-check.ts';

const IDLE: Readonly<Record<string, string>> = {
  windowsPE: 'only Setup runs it, from its own medium and before Windows is installed',
  offlineServicing: 'only Setup and DISM /Apply-Unattend apply it to an image that is not running',
};

export const idlePass = defineCheck({
  id: 'idle-pass',
  title: 'Every pass is processed where the file lies',
  description: `In an installed image that starts for the first time Setup runs specialize and oobeSystem (or the audit passes), and generalize when it
is sealed again. \`windowsPE\` and \`offlineServicing\` are over by then: their settings do nothing. The classic trap is \`SanPolicy\` of Windows To
Go, which is an offlineServicing setting. Passes that Setup has marked as processed in its own copy are left out.

**Repair.** Make the change in the image itself (SanPolicy is the value \`Services\\partmgr\\Parameters\\SanPolicy\`), or apply the file with DISM.

Source: Microsoft, "Windows Setup Configuration Passes" and "Windows Setup Automation Overview".`,
  messages: { idle: 'nothing processes the pass {pass} of a file in an installed image: {reason}' },
  look(file, report, { place }) {
    if (place !== 'installed-image') return;
    for (const settings of settingsElements(file)) {
      const pass = attributeText(settings, 'pass');
      const reason = Object.hasOwn(IDLE, pass) ? IDLE[pass] : undefined;
      const processed = attributeText(settings, 'wasPassProcessed').toLowerCase() === 'true';
      if (!reason || processed || elementsOf(settings).length === 0) continue;
      report({ messageId: 'idle', severity: 'warning', at: settings.at, data: { pass, reason } });
    }
  },
});
