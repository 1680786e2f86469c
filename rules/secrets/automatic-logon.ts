// No password for an automatic logon may stand in the registry: not in clear text, and not as a secret of the system.
import { inMachineHives } from '../../image/hive-path.ts';
import { valueNumber } from '../../image/value-text.ts';
import { defineRule, type VisitedKey } from '../../lint/rule.ts';
import { Secret } from '../../lint/secret.ts';

const WINLOGON = 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
/** Of the secrets that the system keeps, those that are a password of a person. */
const SECRETS = ['DefaultPassword', 'AltDefaultPassword'];
/**
 * The stored form of a secret of up to 16 bytes: 28 of header, 32 of key material, and 16 of length with the secret, padded to 16 and encrypted. What
 * Setup leaves has this size (measured on Windows 7 and 8.1); a longer one is no secret of Setup's.
 */
const SETUP_SIZE = 28 + 32 + 32;

export const automaticLogon = defineRule({
  id: 'secrets/automatic-logon',
  title: 'The registry holds no password of an automatic logon',
  description: `Looks at \`DefaultPassword\` and \`AltDefaultPassword\` of Winlogon, at the secrets of the same names that the system keeps in the SECURITY hive, and
at \`AutoAdminLogon\`.

**Verdict.** A password in clear text is an error, and so is one kept as a secret where automatic logon is switched on: whoever holds the image can read
either. An automatic logon without one is a warning: it was meant to have one, or the account has none. The secret alone is a note, and a warning when it
is longer than the one that Setup leaves: its size shows that, although it is encrypted.

**Honest look-alikes.** \`AutoAdminLogon\` = 0 and an empty \`DefaultPassword\`, which Setup leaves. Each Windows that was measured keeps a secret named
\`DefaultPassword\` although nobody set an automatic logon: Setup leaves one of up to eight characters.

**Cannot be proved.** What the secret says: it is not decrypted, and never shown. A password of up to eight characters has the size of Setup's own.

Sources: Microsoft, "Turn on automatic logon in Windows"; "LSA secrets" of [MS-LSAD]; hives of Windows 7 and 8.1.`,
  why: 'Every copy of the image logs on as that account, and every holder of a copy knows its password.',
  repair: {
    text: 'Remove the values (`Autologon.exe` of Sysinternals takes away the secret), and change the password wherever it is used.',
  },
  severity: 'error',
  options: {},
  messages: {
    password: '{name} holds a password in clear text ({password})',
    secret: 'the system keeps a password for an automatic logon',
    longSecret: 'the system keeps a password for an automatic logon that is longer than the one that Setup leaves',
    logon: 'automatic logon is switched on without a password in the registry',
  },
  select: {
    keys: [
      ...['', 'Wow6432Node\\'].flatMap((view) => inMachineHives('SOFTWARE', `${view}${WINLOGON}`)),
      ...['', 'RegBack/'].flatMap((folder) => SECRETS.map((name) => `/**/config/${folder}SECURITY\\Policy\\Secrets\\${name}\\CurrVal`)),
    ],
  },
  create(ctx) {
    const secrets: { readonly key: VisitedKey; readonly isLong: boolean }[] = [];
    let logsOn = false;

    function judgeWinlogon(key: VisitedKey): void {
      const passwords = ['defaultpassword', 'altdefaultpassword'].flatMap((name) => {
        const value = key.values.get(name);
        return value?.raw.some((byte) => byte !== 0) ? [value] : [];
      });
      for (const value of passwords) {
        ctx.report({
          messageId: 'password',
          at: { hive: key.hive, key: key.path, name: value.name },
          data: { name: value.name, password: Secret.found('password', '?') },
        });
      }
      const logon = key.values.get('autoadminlogon');
      if (valueNumber(logon) !== 1) return;
      logsOn = true;
      if (passwords.length === 0)
        ctx.report({ messageId: 'logon', at: { hive: key.hive, key: key.path, name: logon!.name }, severity: 'warning' });
    }

    return {
      key(key) {
        if (!/\\Secrets\\/i.test(key.path)) return judgeWinlogon(key);
        // An emptied secret has no data, or a length of zero in front of nothing.
        const values = [...key.values.values()].filter(({ raw }) => raw.some((byte) => byte !== 0));
        if (values.length > 0) secrets.push({ key, isLong: values.some(({ raw }) => raw.length > SETUP_SIZE) });
      },
      end() {
        for (const { key, isLong } of secrets) {
          const alone = isLong ? 'warning' : 'note';
          ctx.report({
            messageId: isLong ? 'longSecret' : 'secret',
            at: { hive: key.hive, key: key.path },
            severity: logsOn ? 'error' : alone,
            evidence: 'a secret of the system',
          });
        }
      },
    };
  },
});
