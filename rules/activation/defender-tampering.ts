// Microsoft Defender must not be told to look away: broad exclusions, allowed threats, protection switched off.
import { inMachineHives } from '../../image/hive-path.ts';
import { valueNumber } from '../../image/value-text.ts';
import { defineRule, type VisitedKey } from '../../lint/rule.ts';

const ROOTS = ['Microsoft\\Windows Defender', 'Policies\\Microsoft\\Windows Defender'];

/** Folders of which nobody can say that they hold one program only. */
const BROAD_PATH =
  /^(?:[a-z]:|%systemdrive%|\\\\\?\\[a-z]:)?[\\/]*(?:$|\*|(?:%(?:systemroot|windir)%|windows)(?:[\\/](?:system32|syswow64|temp|tasks|setup))?[\\/]*\*?$|%(?:temp|tmp|public|appdata|localappdata|programdata|userprofile)%[\\/]*\*?$|(?:programdata|users|users[\\/]public|temp|program files(?: \(x86\))?)[\\/]*\*?$|users[\\/][^\\/]+[\\/](?:appdata[\\/](?:local|roaming)(?:[\\/]temp)?|downloads|desktop)[\\/]*\*?$)/i;
const BROAD_PROCESS = /^(?:\*(?:\.exe)?|.*[\\/]?(?:cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|svchost|explorer)\.exe)$/i;
const BROAD_EXTENSION = /^\.?(?:\*|exe|dll|sys|cmd|bat|ps1|vbs|js|com|scr|msi)$/i;
const BROAD: Readonly<Record<string, RegExp>> = { processes: BROAD_PROCESS, extensions: BROAD_EXTENSION };
/** Names of programs and folders that stand for activation: by licensing itself and its protocol, not by a family. */
const LICENSING_NAME =
  /(?<![a-z0-9])(?:(?:sppextcomobj|sppsvc|osppsvc|slsvc|sppc)\w*|slc(?:ext)?)\.(?:exe|dll)|[^a-z]kms[^a-z]|(?:^|[\\/])(?:kms[^\\/]*|[^\\/]*kms)(?:\.\w+)?(?:$|[\\/])/i;

/** HackTool:Win32/AutoKMS and what installers of activators allow beside it (Microsoft Defender's numbers). */
const ACTIVATOR_THREATS = new Set(['2147685180', '2147735507', '2147736914', '2147743522']);
const ALLOW = 6;

const OFF = ['disableantispyware', 'disableantivirus', 'disablerealtimemonitoring', 'disablebehaviormonitoring', 'disableioavprotection'];

export const defenderTampering = defineRule({
  id: 'activation/defender-tampering',
  title: 'Microsoft Defender is not told to look away',
  description: `Looks at the exclusions of Microsoft Defender (paths, processes, extensions, temporary paths), at the threats that it is told to allow, and at the
switches that turn it off, in its own key and in the policy.

**Certain.** A threat is allowed whose number is that of an activator.
**Strong.** An exclusion of a drive, of a folder of Windows or of everybody's data, of a shell or of all programs; one that names licensing; any
other threat that is allowed; protection that a policy switches off.
**Weak.** Protection that is off in Defender's own key.

**Honest look-alikes.** Exclusions of a database or of a build agent in their own folders; Configuration Manager's. Another antivirus switches Defender off in
Defender's own key when it is installed (seen in a real Windows 7).

**Cannot be proved.** What the engine's own encrypted settings hold.

Sources: Microsoft, "Configure exclusions for Microsoft Defender Antivirus", "Threats\\ThreatIDDefaultAction"; public rules on Defender exclusions.`,
  why: 'Activators are found by every antivirus, so their installers make it look away first: what was let in through that gap cannot be known.',
  repair: { text: 'Remove the values; exclude single folders by name, on the machines that need it.' },
  level: 'strong',
  levels: { activatorAllowed: 'certain' },
  hiveCopies: 'less',
  options: {},
  messages: {
    exclusion: 'Defender does not look at {what}',
    allowed: 'Defender is told to allow the threat {id}',
    activatorAllowed: 'Defender is told to allow the threat {id}, an activator',
    off: '{name} switches protection off',
  },
  select: {
    keys: ROOTS.flatMap((root) => [
      root,
      `${root}\\Exclusions\\*`,
      `${root}\\Threats\\ThreatIDDefaultAction`,
      `${root}\\Real-Time Protection`,
    ]).flatMap((key) => inMachineHives('SOFTWARE', key)),
  },
  create(ctx) {
    function judgeExclusions(key: VisitedKey, kind: string): void {
      for (const { name } of key.values.values()) {
        if (name === '' || !((BROAD[kind] ?? BROAD_PATH).test(name.trim()) || LICENSING_NAME.test(name))) continue;
        ctx.report({
          messageId: 'exclusion',
          at: { hive: key.hive, key: key.path, name },
          data: { what: name },
          evidence: name,
        });
      }
    }

    function judgeThreats(key: VisitedKey): void {
      for (const value of key.values.values()) {
        if (!/^\d{4,12}$/.test(value.name) || valueNumber(value) !== ALLOW) continue;
        const messageId = ACTIVATOR_THREATS.has(value.name) ? 'activatorAllowed' : 'allowed';
        ctx.report({ messageId, at: { hive: key.hive, key: key.path, name: value.name }, data: { id: value.name } });
      }
    }

    return {
      key(key) {
        const exclusion = /\\Exclusions\\([^\\]+)$/i.exec(key.path)?.[1];
        if (exclusion !== undefined) return judgeExclusions(key, exclusion.toLowerCase());
        if (/\\ThreatIDDefaultAction$/i.test(key.path)) return judgeThreats(key);
        // Before Windows 8 another antivirus switches Defender off in its own key; a policy is somebody's will.
        const byPolicy = /^Policies\\/i.test(key.path);
        for (const name of OFF) {
          const value = key.values.get(name);
          if (valueNumber(value) !== 1) continue;
          ctx.report({
            messageId: 'off',
            at: { hive: key.hive, key: key.path, name: value!.name },
            data: { name: value!.name },
            ...(byPolicy ? {} : { level: 'weak' }),
          });
        }
      },
    };
  },
});
