// Settings that stand in a pass in which they do nothing.
import { defineCheck, listed } from '../define-check.ts';
import { pathFaults } from '../known-paths.ts';
import { componentsOf } from '../model.ts';
import { PASSES } from '../names.ts';

export const settingPass = defineCheck({
  id: 'setting-pass',
  title: 'Every setting stands in a pass where it works',
  description: `The unattend reference lists for each setting the configuration passes in which it is valid. In another pass Setup does not apply it.
This is a warning and no error, because the reference is of December 2018 and a later Windows may accept more.

**Repair.** Move the setting to a component element of the same name in one of the passes that the message names.

Source: Microsoft, "Unattended Windows Setup Reference" (CC-BY-4.0), section "Valid Configuration Passes" of each setting.`,
  messages: { wrongPass: '{component}: {settings} cannot work in {pass}, only in {passes}' },
  look(file, report) {
    const said = new Set<string>();
    for (const component of componentsOf(file)) {
      if (!PASSES.some((pass) => pass === component.pass)) continue; // The check of the passes says so.
      const faults = pathFaults(component).filter(({ kind }) => kind === 'wrong-pass');
      for (const passes of new Set(faults.map((fault) => fault.passes.join(', ')))) {
        const together = faults.filter((fault) => fault.passes.join(', ') === passes);
        const data = { component: component.name, settings: listed(together.map(({ path }) => path)), pass: component.pass, passes };
        // The same component for another architecture says nothing new.
        const text = JSON.stringify(data);
        if (said.has(text)) continue;
        said.add(text);
        report({ messageId: 'wrongPass', severity: 'warning', at: together[0]!.element.at, data });
      }
    }
  },
});
