// Groups of settings under a component that does not own them, like the OOBE group in a printed Windows To Go sample.
import { defineCheck } from '../define-check.ts';
import { pathFaults } from '../known-paths.ts';
import { componentsOf } from '../model.ts';

export const misplacedSetting = defineCheck({
  id: 'misplaced-setting',
  title: 'Groups of settings stand under their component',
  description: `Finds a group that only one component has, under another one. The best known case is \`<OOBE>\` inside
\`Microsoft-Windows-WinRE-RecoveryAgent\`, as Microsoft's own Windows To Go page prints it: it belongs to \`Microsoft-Windows-Shell-Setup\`.
What Setup does with it has not been tried, so this is a warning.

**Repair.** Move the group to its component in the same pass.

Sources: Microsoft, "Deploy Windows To Go" and "Unattended Windows Setup Reference" (CC-BY-4.0).`,
  messages: { misplaced: '{setting} stands under {component}, but belongs to {owner}' },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const { kind, path, element, owner } of pathFaults(component)) {
        if (kind !== 'misplaced') continue;
        report({ messageId: 'misplaced', severity: 'warning', at: element.at, data: { setting: path, component: component.name, owner } });
      }
    }
  },
});
