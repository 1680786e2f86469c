// Product key elements that hold no key: empty ones, and text of another form.
import { defineCheck, isPlaceholder } from '../define-check.ts';
import { componentsOf, settingsOf } from '../model.ts';

const PATHS: Readonly<Record<string, string>> = {
  'microsoft-windows-shell-setup': 'productkey',
  'microsoft-windows-setup': 'userdata/productkey/key',
};

export const productKeyForm = defineCheck({
  id: 'product-key-form',
  title: 'Product key elements hold a product key',
  description: `\`ProductKey\` and \`UserData/ProductKey/Key\` do not support empty elements; the reference says not to create one. An invalid key makes
Setup fail, so text that has not the form of a key (five groups of five) is an error. No key is shown, and whether one is genuine is not
judged here.

**Repair.** Remove the element, or fill it in.

Source: Microsoft, "Unattended Windows Setup Reference", \`ProductKey\` and \`Key\`: "Entering an invalid product key in the answer file will cause
Windows Setup to fail". What an empty one does differs between versions, so it is a warning.`,
  messages: {
    empty: '{setting} is empty: remove it, or fill in a key',
    noKey: '{setting} does not have the form of a product key, and an invalid key makes Setup fail',
    placeholder: '{setting} holds a placeholder that nobody has filled in',
  },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const { path: setting, value, at } of settingsOf(component)) {
        if (PATHS[component.name.toLowerCase()] !== setting.toLowerCase()) continue;
        const key = value.trim();
        if (key === '') report({ messageId: 'empty', severity: 'warning', at, data: { setting } });
        else if (isPlaceholder(key) || !/[\dA-Z]{5}/i.test(key))
          report({ messageId: 'placeholder', severity: 'note', at, data: { setting } });
        else if (!/^[\dA-Z]{5}(?:-[\dA-Z]{5}){4}$/i.test(key)) report({ messageId: 'noKey', severity: 'error', at, data: { setting } });
      }
    }
  },
});
