// No profile of a wireless network in the image gives away its passphrase.
import { only } from '../../errors.ts';
import { bufferOf, FormatError } from '../../formats/bytes.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import { defineRule, NOTHING } from '../../lint/rule.ts';

const NAMESPACE = /^https?:\/\/www\.microsoft\.com\/networking\/WLAN\/profile\/v\d/i;
/** The name of its root, in 8-bit text and in UTF-16, where nothing can be written in another way; other XML is not parsed. */
const MARKS = (['latin1', 'utf16le'] as const).map((encoding) => Buffer.from('WLANProfile', encoding));

export const wifiProfile = defineRule({
  id: 'secrets/wifi-profile',
  title: 'No wireless profile holds a passphrase',
  description: `Reads every XML file that is a WLAN profile, wherever it lies: those that Windows keeps in \`ProgramData\\Microsoft\\Wlansvc\`, and exported
ones. \`keyMaterial\` with \`protected\` = false is the passphrase itself. With \`protected\` = true it is encrypted for the machine; the keys to
that lie in the same image, so whoever has the image has the passphrase. It takes a tool and is a warning.

**Honest look-alikes.** Open networks and profiles that authenticate with certificates hold no \`keyMaterial\`.

**Cannot be proved.** Whether the network is still in use. Profiles of Windows XP lie in the registry and are not read.

Source: Microsoft, "WLAN_profile Schema", \`sharedKey\`.`,
  why: 'Everybody who gets a stick, or finds one, can join the network.',
  repair: {
    text: 'Remove the profile from the reference machine with `netsh wlan delete profile`; roll it out by policy or with certificates.',
  },
  severity: 'error',
  options: {},
  messages: {
    plain: 'the wireless profile "{name}" holds its passphrase in clear text',
    protected: 'the wireless profile "{name}" holds its passphrase, encrypted with keys that are in the image too',
    unreadable: 'looks like a wireless profile with a passphrase and cannot be read as one: {reason}',
  },
  select: { files: ['/**/*.xml'], content: 'whole', large: 'visit' },
  create(ctx) {
    return {
      file(file, content) {
        if (!content) return NOTHING;
        const bytes = bufferOf(content);
        if (!MARKS.some((mark) => bytes.includes(mark))) return NOTHING;
        try {
          const { root } = parseXml(bytes);
          if (root.local !== 'WLANProfile' || !NAMESPACE.test(root.namespace)) return NOTHING;
          const name = textAt(root, 'name') || 'unnamed';
          for (const key of below(root, 'sharedKey')) {
            const material = elementsOf(key).find(({ local }) => local === 'keyMaterial');
            if (!material || textOf(material).trim() === '') continue;
            const hidden = /^(?:true|1)$/i.test(textAt(key, 'protected'));
            const at = { file: file.path, line: material.at?.line };
            ctx.report({
              messageId: hidden ? 'protected' : 'plain',
              at,
              data: { name },
              evidence: 'keyMaterial',
              severity: hidden ? 'warning' : 'error',
            });
          }
        } catch (error) {
          const { message } = only(FormatError, error);
          if (/keyMaterial/.test(bytes.toString('latin1').replaceAll('\0', ''))) {
            ctx.report({ messageId: 'unreadable', at: { file: file.path }, data: { reason: message }, severity: 'warning' });
          }
        }
        return NOTHING;
      },
    };
  },
});

function textAt(parent: XmlElement, local: string): string {
  const found = elementsOf(parent).find((element) => element.local === local);
  return found ? textOf(found).trim() : '';
}

/** Every element of that name below; the parser bounds how deep that can be. */
function below(top: XmlElement, local: string): readonly XmlElement[] {
  return elementsOf(top).flatMap((element) => (element.local === local ? [element] : below(element, local)));
}
