// Computer names that Windows refuses.
import { defineCheck, isPlaceholder } from '../define-check.ts';
import { componentsOf, settingsOf } from '../model.ts';

const BYTES_MAX = 15;
/** The reference lists them; a blank is forbidden too. */
const FORBIDDEN = /[\s{|}~[\\\]^':;<=>?@!"#$%`()+/.,*&]/;
const PATHS: Readonly<Record<string, string>> = {
  'microsoft-windows-shell-setup': 'computername',
  'microsoft-windows-deployment': 'auditcomputername/name',
};

export const computerName = defineCheck({
  id: 'computer-name',
  title: 'The computer name is one that Windows takes',
  description: `A computer name has at most ${BYTES_MAX} bytes (a character outside of ASCII takes two or more), no blanks, none of
\`{ | } ~ [ \\ ] ^ ' : ; < = > ? @ ! " # $ % \\\` ( ) + / . , * &\`, and is not made of digits alone. \`*\` or nothing lets Windows make up a name,
which is right for an image that many machines get. What looks like the placeholder of a template is a note.

**Repair.** Shorten or respell the name, or write \`*\`.

Source: Microsoft, "Unattended Windows Setup Reference", \`ComputerName\`.`,
  messages: {
    tooLong: 'the computer name "{name}" has {bytes} bytes, and Windows takes 15',
    forbidden: 'the computer name "{name}" has a character that Windows does not take',
    digits: 'the computer name "{name}" is made of digits alone',
    placeholder: 'the computer name "{name}" is a placeholder that nobody has filled in',
  },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const { path, value, at } of settingsOf(component)) {
        if (PATHS[component.name.toLowerCase()] !== path.toLowerCase()) continue;
        const name = value.trim();
        if (name === '*') continue;
        const bytes = [...name].reduce((sum, character) => sum + (character < '\x80' ? 1 : 2), 0);
        if (isPlaceholder(name)) report({ messageId: 'placeholder', severity: 'note', at, data: { name } });
        else if (FORBIDDEN.test(name)) report({ messageId: 'forbidden', severity: 'error', at, data: { name } });
        else if (bytes > BYTES_MAX) report({ messageId: 'tooLong', severity: 'error', at, data: { name, bytes } });
        else if (/^\d+$/.test(name)) report({ messageId: 'digits', severity: 'error', at, data: { name } });
      }
    }
  },
});
