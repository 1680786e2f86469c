// What identifies a component beside its name: the attributes that are the same for all of Windows' own components.
import { attributeText, defineCheck, listed } from '../define-check.ts';
import { componentsOf } from '../model.ts';
import { COMPONENT_IDENTITY } from '../names.ts';

const ATTRIBUTES = ['name', 'processorArchitecture', ...Object.keys(COMPONENT_IDENTITY)] as const;

export const componentIdentity = defineCheck({
  id: 'component-identity',
  title: 'Components carry their whole identity',
  description: `A component is found by its name, its architecture, and by \`publicKeyToken\`, \`language\` and \`versionScope\`, which are the same for all
components of Windows. Finds missing ones, and values that no component of Windows has. Setup does not find such a component; what it does
then has not been tried, so this is a warning.

**Repair.** Write the attributes as in any sample: \`publicKeyToken="${COMPONENT_IDENTITY.publicKeyToken}" language="neutral" versionScope="nonSxS"\`.

Source: Microsoft, samples of "Use Answer Files with Sysprep".`,
  messages: {
    missing: 'component {name} has no {attributes}',
    other: 'component {name} has {attribute}="{value}", but the components of Windows have "{usual}"',
  },
  look(file, report) {
    for (const { name, element, at } of componentsOf(file)) {
      const shown = name || 'without a name';
      const missing = ATTRIBUTES.filter((attribute) => attributeText(element, attribute) === '');
      if (missing.length > 0) report({ messageId: 'missing', severity: 'warning', at, data: { name: shown, attributes: listed(missing) } });
      for (const [attribute, usual] of Object.entries(COMPONENT_IDENTITY)) {
        const value = attributeText(element, attribute);
        if (value === '' || value.toLowerCase() === usual.toLowerCase()) continue;
        report({ messageId: 'other', severity: 'warning', at, data: { name: shown, attribute, value, usual } });
      }
    }
  },
});
