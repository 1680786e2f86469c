// What stands twice where Setup takes one: a component in a pass, a setting in its group.
import { elementsOf, type XmlElement } from '../../formats/xml/tree.ts';
import { attributeText, defineCheck } from '../define-check.ts';
import { isListItem } from '../list-items.ts';
import { componentsOf } from '../model.ts';
import { lookUpSetting } from '../settings-table.ts';

export const duplicates = defineCheck({
  id: 'duplicates',
  title: 'Components and settings stand once',
  description: `Setup stops with "Windows could not parse or process the unattend answer file for pass […]. The component or non-list setting is
specified more than once" when a component stands twice in a pass for one architecture, or a setting that is no list item twice in its group.
For settings that the table does not know this is a warning, because they may be lists.

**Repair.** Put the settings of both into one, and remove the other.

Source: Microsoft Support 2425962, which quotes the message.`,
  messages: {
    component: '{component} for {architecture} stands twice in {pass}; the first one is in line {line}',
    setting: '{setting} stands twice; the first one is in line {line}',
  },
  look(file, report) {
    const seen = new Map<string, number>();
    for (const component of componentsOf(file)) {
      const { pass, name, architecture, element, at } = component;
      const key = [pass, name, architecture, attributeText(element, 'language')].join('\n').toLowerCase();
      const line = seen.get(key);
      if (line !== undefined)
        report({ messageId: 'component', severity: 'error', at, data: { component: name, architecture, pass, line } });
      else seen.set(key, at?.line ?? 0);

      const visit = (parent: XmlElement, above: string) => {
        const first = new Map<string, XmlElement>();
        for (const child of elementsOf(parent)) {
          const path = `${above}${child.local}`;
          const twin = first.get(child.local.toLowerCase());
          first.set(child.local.toLowerCase(), twin ?? child);
          if (twin && !isListItem(child)) {
            const severity = lookUpSetting(name, path) ? 'error' : 'warning';
            report({ messageId: 'setting', severity, at: child.at, data: { setting: path, line: twin.at?.line ?? 0 } });
          }
          visit(child, `${path}/`);
        }
      };
      visit(element, '');
    }
  },
});
