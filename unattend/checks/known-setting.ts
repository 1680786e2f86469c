// Settings that the reference of 2018 does not name in their component.
import { defineCheck, listed } from '../define-check.ts';
import { pathFaults } from '../known-paths.ts';
import { componentsOf } from '../model.ts';

export const knownSetting = defineCheck({
  id: 'known-setting',
  title: 'Every setting is known',
  description: `Compares the settings of each known component with Microsoft's unattend reference of December 2018. What is not there may be newer than
the table or withdrawn before it (SkipMachineOOBE), so this is a note: one for each component of a file.

**Repair.** Compare the spelling, and look the setting up in the reference of your Windows version.

Source: Microsoft, "Unattended Windows Setup Reference" (CC-BY-4.0).`,
  messages: { unknown: '{component} has settings that are not in the reference of 2018: {settings}' },
  look(file, report) {
    const components = componentsOf(file);
    for (const name of new Set(components.map((component) => component.name.toLowerCase()))) {
      const same = components.filter((component) => component.name.toLowerCase() === name);
      const unknown = same.flatMap(pathFaults).filter(({ kind }) => kind === 'unknown');
      if (unknown.length === 0) continue;
      const settings = listed(unknown.map(({ path }) => path));
      report({ messageId: 'unknown', severity: 'note', at: unknown[0]!.element.at, data: { component: same[0]!.name, settings } });
    }
  },
});
