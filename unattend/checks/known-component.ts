// Components that the reference of 2018 does not name: newer ones, older ones, and misspelt ones.
import { defineCheck, listed } from '../define-check.ts';
import { componentsOf } from '../model.ts';
import { lookUpComponent } from '../settings-table.ts';

export const knownComponent = defineCheck({
  id: 'known-component',
  title: 'Every component is known',
  description: `Compares the names of components with Microsoft's unattend reference of December 2018. A name that is not there may be newer than the
table, older (Windows Vista and 7), or misspelt, so this is a note.

**Repair.** Compare the name with the reference of your Windows version.

Source: Microsoft, "Unattended Windows Setup Reference" (CC-BY-4.0).`,
  messages: { unknown: 'not in the reference of 2018: {components}' },
  look(file, report) {
    const unknown = componentsOf(file).filter(({ name }) => name !== '' && !lookUpComponent(name));
    if (unknown.length === 0) return;
    const components = listed(unknown.map(({ name }) => name));
    report({ messageId: 'unknown', severity: 'note', at: unknown[0]!.at, data: { components } });
  },
});
