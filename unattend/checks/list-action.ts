// List items without wcm:action, or with an action that does not exist.
import type { XmlElement } from '../../formats/xml/tree.ts';
import { defineCheck } from '../define-check.ts';
import { actionOf, listsBelow } from '../list-items.ts';
import { componentsOf } from '../model.ts';

const ACTIONS = ['add', 'modify', 'remove'];

export const listAction = defineCheck({
  id: 'list-action',
  title: 'List items carry wcm:action',
  description: `An item of a list (a command, an account, a disk, a partition) says in \`wcm:action\` what is to be done with it: \`add\`, nearly always.
Microsoft's samples carry it on every item. The prefix may be any, the namespace may not: \`https\` instead of \`http\` in it is a common slip,
and then the attribute is another one. What Setup does with an item without it has not been tried, so this is a warning.

**Repair.** Write \`wcm:action="add"\` on each item, with \`xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"\` around it.

Source: Microsoft, samples of "Use Answer Files with Sysprep" and of the "Unattended Windows Setup Reference".`,
  messages: {
    missing: '{count} of {all} items <{item}> have no wcm:action="add"',
    foreign: '<{item}> has its action in the namespace "{namespace}", which is not that of wcm:action',
    unknown: '<{item}> has wcm:action="{action}"; there are add, modify and remove',
  },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const { name: item, items } of listsBelow(component.element)) {
        const without = items.filter((element) => actionOf(element) === undefined);
        const foreign = without.flatMap((element) => foreignAction(element) ?? []);
        for (const { at, namespace } of foreign.slice(0, 1))
          report({ messageId: 'foreign', severity: 'warning', at, data: { item, namespace } });
        const bare = without.filter((element) => foreignAction(element) === undefined);
        const data = { item, count: bare.length, all: items.length };
        if (bare.length > 0) report({ messageId: 'missing', severity: 'warning', at: bare[0]!.at, data });
        for (const element of items) {
          const action = actionOf(element);
          if (action === undefined || ACTIONS.includes(action.trim().toLowerCase())) continue;
          report({ messageId: 'unknown', severity: 'warning', at: element.at, data: { item, action } });
        }
      }
    }
  },
});

/** Of an element without an action for Setup: one whose namespace is misspelt. */
function foreignAction({ attributes, at }: XmlElement): { readonly at: XmlElement['at']; readonly namespace: string } | undefined {
  const found = attributes.find(({ local, namespace }) => local === 'action' && namespace !== '');
  return found && { at, namespace: found.namespace };
}
