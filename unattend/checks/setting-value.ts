// Values that are not of the kind that the unattend reference gives for their setting.
import { defineCheck, isPlaceholder } from '../define-check.ts';
import { componentsOf, settingsOf } from '../model.ts';
import { type ValueType, valueType } from '../value-types.ts';

/** Names of time zones are English words ("W. Europe Standard Time", "UTC-11"); `_dstoff` switches daylight saving time off. */
const TIME_ZONE = /^(?=.{3,256}$)[A-Z][A-Za-z. ()0-9+&-]*(?:_dstoff)?$/;

export const settingValue = defineCheck({
  id: 'setting-value',
  title: 'Values are of the kind that their setting takes',
  description: `For the most used settings the unattend reference says what the value is: \`true\` or \`false\`, a number in a range (\`ProtectYourPC\` 1 to 3,
\`SkipRearm\` 0 or 1), fixed words (\`WillReboot\`: Always, OnRequest, Never), or the English name of a time zone (\`Pacific Standard Time\`, not
\`America/Los_Angeles\`). Words are compared without case. An empty element where the reference wants a value is reported too. What Setup
does with another value differs from setting to setting, so this is a warning; the placeholder of a template is a note.

**Repair.** Write a value that the message names.

**Cannot be proved.** Whether a time zone of the right form exists: \`tzutil /l\` lists them on Windows.

Source: Microsoft, "Unattended Windows Setup Reference", section "Values" of each setting; SanPolicy 4 from "Deploy Windows To Go".`,
  messages: {
    wrong: '{setting} is "{value}", and takes {expected}',
    empty: '{setting} is empty, and takes {expected}',
    placeholder: '{setting} holds the placeholder "{value}" that nobody has filled in',
  },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const { path: setting, value, at } of settingsOf(component)) {
        const type = valueType(component.name, setting);
        const text = value.trim();
        if (!type || accepts(type, text)) continue;
        const expected = wordsOf(type);
        if (text === '') report({ messageId: 'empty', severity: 'warning', at, data: { setting, expected } });
        else if (isPlaceholder(text)) report({ messageId: 'placeholder', severity: 'note', at, data: { setting, value: shown(text) } });
        else report({ messageId: 'wrong', severity: 'warning', at, data: { setting, value: shown(text), expected } });
      }
    }
  },
});

function accepts(type: ValueType, text: string): boolean {
  if (type === 'boolean') return /^(?:true|false|0|1)$/i.test(text);
  if (type === 'time-zone') return TIME_ZONE.test(text);
  if ('min' in type) return /^\d{1,10}$/.test(text) && Number(text) >= type.min && Number(text) <= type.max;
  return type.some((word) => word.toLowerCase() === text.toLowerCase());
}

function wordsOf(type: ValueType): string {
  if (type === 'boolean') return 'true or false';
  if (type === 'time-zone') return 'the English name of a time zone, like Pacific Standard Time';
  return 'min' in type ? `a number from ${type.min} to ${type.max}` : type.join(', ');
}

function shown(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
