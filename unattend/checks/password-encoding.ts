// Hidden passwords that Setup would read as something else: not Base64, or Base64 with the name of another element behind it.
import { childOf, elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import { defineCheck, isPlaceholder } from '../define-check.ts';
import { componentsOf } from '../model.ts';
import { decodePassword, PASSWORD_ELEMENTS, SCRUBBED } from '../password.ts';

export const passwordEncoding = defineCheck({
  id: 'password-encoding',
  title: 'Hidden passwords are encoded for their element',
  description: `With \`PlainText\` = false the \`Value\` is Base64 of UTF-16LE text: the password with the name of its element behind it (\`Password\`,
\`AdministratorPassword\`, …). Copied from another element, or put in as it is, it becomes another password than the author knows. The form is
common knowledge and was tried, but Microsoft does not document it, so this is a warning. No password is shown.

**Repair.** Encode it again for this element, better: let it be written from a secret when the image is deployed.`,
  messages: {
    notEncoded: '{element} says PlainText = false, but its value is not the Base64 of a password',
    wrongSuffix: '{element} holds a password that was encoded for {other}',
    placeholder: '{element} holds a placeholder that nobody has filled in',
    encodedAsPlain: '{element} says PlainText = true, but its value is a password encoded for {other}: Windows takes the Base64 itself',
  },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const element of passwordsBelow(component.element)) {
        const valueElement = childOf(element, 'Value')!;
        const value = textOf(valueElement).trim();
        const { at } = valueElement;
        const plain = textOf(childOf(element, 'PlainText')!).trim().toLowerCase();
        if (value === '' || value === SCRUBBED) continue;
        const name = element.local;
        const other = PASSWORD_ELEMENTS.find((one) => (decodePassword(one, value) ?? '') !== '');
        const fits = decodePassword(name, value) !== undefined;
        if (isPlaceholder(value)) report({ messageId: 'placeholder', severity: 'note', at, data: { element: name } });
        else if (plain === 'true' || plain === '1') {
          if (other) report({ messageId: 'encodedAsPlain', severity: 'warning', at, data: { element: name, other } });
        } else if (fits && !(other && other.length > name.length)) continue;
        else if (other) report({ messageId: 'wrongSuffix', severity: 'warning', at, data: { element: name, other } });
        else report({ messageId: 'notEncoded', severity: 'warning', at, data: { element: name } });
      }
    }
  },
});

/** Elements with `Value` and `PlainText`. */
function passwordsBelow(top: XmlElement): readonly XmlElement[] {
  const isPassword = (element: XmlElement) =>
    /password$/i.test(element.local) && childOf(element, 'Value') && childOf(element, 'PlainText');
  return elementsOf(top).flatMap((element) => (isPassword(element) ? [element] : passwordsBelow(element)));
}
