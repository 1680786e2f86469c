// No settings of a deployment hold a password: MDT, old answer files, group policy preferences, provisioning packages.
import { only } from '../../errors.ts';
import { bufferOf, FormatError } from '../../formats/bytes.ts';
import { decodeScript } from '../../formats/script/decode.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { attributeOf, elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import type { ImageFile } from '../../image/image.ts';
import { defineRule, type Location, NOTHING } from '../../lint/rule.ts';
import { Secret } from '../../lint/secret.ts';

/** `UserPassword=`, `DomainAdminPassword=`, `AdminPassword=`, `OSDBitLockerRecoveryPassword=`, `BDEPin=`. */
const INI_LINE = /^\s*(\w{0,30}password|bdepin)\s*=\s*"?([^"\r\n]*?)"?\s*$/i;
const INI_FILE = /\.(?:ini|inf|sif|txt)$/i;
/** Variables of MDT, `*` for an account without one, and what only stands for a value. */
const PLACEHOLDER = /^(?:%[^%]*%|#.*#|\*|<.*>|nopassword|none|yes|no|true|false)?$/i;
const SETTINGS_ROOT = /^(?:WindowsCustomizations|Groups|NTServices|ScheduledTasks|DataSources|Printers|Drives)$/;
/** Elements of a provisioning package that are a secret by themselves. */
const PACKAGE_SECRET = /(?:password|passphrase|preshared_?key|securitykey|bprt|keymaterial)$/i;
/** Files of settings are short. */
const SIZE_MAX = 4 * 1024 * 1024;
const FINDINGS_MAX = 50;

export const deploymentSettings = defineRule({
  id: 'secrets/deployment-settings',
  title: 'No settings of a deployment hold a password',
  description: `Reads the settings that tools of deployment leave: \`CustomSettings.ini\` and \`Bootstrap.ini\` of MDT, \`sysprep.inf\` and \`winnt.sif\`,
preferences of group policy (\`cpassword\`), and \`customizations.xml\` of provisioning packages, in the package or beside it: passwords of accounts, keys of
wireless networks, tokens for a join in bulk.

**Verdict.** A value is an error. \`cpassword\` is encrypted with a key that Microsoft published: it counts like clear text.

**Honest look-alikes.** Empty values, \`*\`, variables such as \`%Password%\`, settings that only switch something about passwords.

**Cannot be proved.** Whether the password is still in use. Packages that are encrypted are told by \`hygiene/opaque-content\`.

Sources: Microsoft, "MDT properties", "Sysprep.inf", [MS-GPPREF] 2.2.1.1.4 for the key, "Windows Configuration Designer provisioning settings".`,
  why: 'The account behind it often may join machines to the domain or read the deployment share: whoever holds a stick holds it.',
  repair: { text: 'Remove the file from the reference machine, and change the password: it was given to everybody who has a copy.' },
  severity: 'error',
  options: {},
  messages: {
    ini: 'the setting {name} holds a password ({password})',
    preference: 'a preference of group policy holds a password that anybody can decrypt ({password})',
    package: 'the setting {name} of a provisioning package holds a secret ({password})',
  },
  select: {
    files: ['/**/{CustomSettings,Bootstrap}.ini', '/**/{sysprep.inf,winnt.sif,unattend.txt}', '/**/*.xml'],
    content: 'whole',
    large: 'visit',
  },
  create(ctx) {
    function judgeIni(file: ImageFile, content: Uint8Array): void {
      const lines = decodeScript(content).text.text.split('\n');
      for (const [index, line] of lines.entries()) {
        const match = INI_LINE.exec(line.replace(/\r$/, ''));
        if (!match || PLACEHOLDER.test(match[2]!.trim())) continue;
        const at = { file: file.path, line: index + 1 };
        ctx.report({ messageId: 'ini', at, data: { name: match[1]!, password: Secret.found('password', match[2]!) } });
      }
    }

    function judgeXml(file: ImageFile, root: XmlElement): void {
      const open = [root];
      let count = 0;
      for (let element = open.pop(); element !== undefined && count < FINDINGS_MAX; element = open.pop()) {
        open.push(...[...elementsOf(element)].reverse());
        const at: Location = { file: file.path, line: element.at?.line };
        const cpassword = attributeOf(element, 'cpassword')?.trim();
        if (cpassword) {
          ctx.report({ messageId: 'preference', at, data: { password: Secret.found('password', cpassword) } });
          count++;
        }
        const value = textOf(element).trim();
        if (root.local !== 'WindowsCustomizations' || !PACKAGE_SECRET.test(element.local) || PLACEHOLDER.test(value)) continue;
        if (/^\d$/.test(value)) continue; // a switch about passwords
        ctx.report({ messageId: 'package', at, data: { name: element.local, password: Secret.found('password', value) } });
        count++;
      }
    }

    return {
      file(file, content) {
        if (!content || content.length > SIZE_MAX) return NOTHING;
        if (INI_FILE.test(file.path)) {
          judgeIni(file, content);
          return NOTHING;
        }
        const bytes = bufferOf(content);
        if (!MARKS.some((mark) => bytes.includes(mark))) return NOTHING;
        try {
          const { root } = parseXml(content);
          if (SETTINGS_ROOT.test(root.local)) judgeXml(file, root);
        } catch (error) {
          only(FormatError, error);
          // Windows does not read it either; whoever opens it does.
          if (/cpassword\s*=\s*["'][^"']{8}/.test(bytes.toString('latin1').replaceAll('\0', '')))
            ctx.report({ messageId: 'preference', at: { file: file.path }, data: { password: Secret.found('password', '?') } });
        }
        return NOTHING;
      },
    };
  },
});

/** Names that such files hold somewhere, in 8-bit text and in UTF-16, where nothing can be written in another way; other XML is not parsed. */
const MARKS = ['cpassword', 'WindowsCustomizations'].flatMap((mark) => [Buffer.from(mark), Buffer.from(mark, 'utf16le')]);
