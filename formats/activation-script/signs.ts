// What in a script or command line activates Windows or Office, by what is done and not by the name of a tool.
import { isAllowedHost, KMS_PORT, type KmsHost, readKmsHost } from '../kms-host/host.ts';
import { isPublicActivationHost } from '../kms-host/public-hosts.ts';
import type { PlainScript, ScriptLayer } from '../script/normalise.ts';

/** How much a sign proves; as lint/rule.ts has it. */
type Strength = 'certain' | 'strong' | 'weak';

export interface ActivationSign {
  /** What is done, as the end of a sentence: `sends activation to the host 127.0.0.1`. */
  readonly what: string;
  readonly strength: Strength;
  /** The command in which it stands, in plain form. */
  readonly command: string;
  /** Its telling word, in lower case, without blanks and signs between commands. */
  readonly word: string;
  readonly offset: number; // in the file
}

/** Signs in one script that are told; the rest says the same. */
const SIGNS_MAX = 100;
/** Empty variables inside of words from which on a script hides something. */
const SPLITS_MAX = 20;
const COMMAND_MAX = 400;

/** Sites that hand out activators to whoever asks. Names cut in two, so that this text is none of them. */
const SITES = ['activated\\.' + 'win', 'mass' + 'grave\\.dev'].join('|');
const FETCHES =
  /\b(?:irm|iwr|invoke-restmethod|invoke-webrequest|curl|wget|start-bitstransfer|bitsadmin|urlcache|downloadstring|downloadfile|downloaddata|msxml2\.\w+|winhttprequest|xmlhttp|openread)\b/i;
/** Microsoft's hosts for virtual machines in its cloud: honest there, and out of place in an image that roams. */
const AZURE_HOSTS = new Set(['kms.core.windows.net', 'azkms.core.windows.net']);
const SPP_PROGRAMS = '(?:sppextcomobj|sppsvc|osppsvc|slsvc)\\.exe';

const DRIVE = String.raw`(?:[a-z]:|%systemdrive%|\$env:systemdrive)\\*\*?`;
const EXCLUSIONS = String.raw`\bwindows defender\\+exclusions\\+`;

interface Pattern {
  readonly what: string | ((match: RegExpExecArray) => string);
  readonly strength: Strength;
  readonly expression: RegExp;
  /** Must stand in the script, too. */
  readonly also?: RegExp;
}

/**
 * Each must be global. What stands between two words of one command is on one line, and has a limit: without one an expression reads a line of some
 * megabytes again at each of its words.
 */
const PATTERNS: readonly Pattern[] = [
  {
    what: 'fetches an activator from its site',
    strength: 'certain',
    expression: new RegExp(String.raw`(?<![\w-])(?:[\w-]{1,63}\.){0,5}(?:${SITES})(?![\w.-]*\w)`, 'gi'),
    also: FETCHES,
  },
  {
    what: 'runs a fetched text with the switch of an activator',
    strength: 'certain',
    expression:
      /\[scriptblock\]::create\s{0,40}\(\s{0,40}\(?[^\r\n]{0,300}?\)\s{0,40}\)?[^\r\n]{0,80}?\/(?:hwid|ohook|tsforge|kms38|[zks]-\w+)\b/gi,
  },
  {
    what: 'puts a program in the way of the activation service',
    strength: 'certain',
    expression: new RegExp(String.raw`(?:image file execution options|silentprocessexit)\\+${SPP_PROGRAMS}`, 'gi'),
  },
  {
    what: 'writes the settings of an activation hook',
    strength: 'certain',
    expression: /\bverifierdlls\b/gi,
    also: new RegExp(SPP_PROGRAMS, 'i'),
  },
  {
    what: 'links to the licensing library under the name that only a hook uses',
    strength: 'certain',
    expression: new RegExp(
      String.raw`\b(?:mklink|symboliclink|copy|xcopy|move|copy-item|new-item)\b[^\r\n]{0,300}\b${'spp' + 'cs'}\.dll\b`,
      'gi',
    ),
  },
  { what: 'applies licence tickets', strength: 'strong', expression: /\bclipup(?:\.exe)?["']?\s+-v\s+-o\b/gi },
  {
    what: 'takes away the licence state of the machine',
    strength: 'strong',
    expression: /\bclipc(?:\.dll)?["']?\s*,\s*clipcleanupstate\b/gi,
  },
  {
    what: 'puts a file where licence tickets are taken from',
    strength: 'strong',
    expression:
      /\b(?:copy|xcopy|move|robocopy|copy-item|move-item|set-content|out-file|writealltext|extrac32|expand)\b[^\r\n]{0,300}\\clipsvc\\genuineticket\b/gi,
  },
  {
    what: 'puts another licence store in place of that of Windows',
    strength: 'strong',
    // Behind another path: who copies the store away makes a backup.
    expression:
      /\b(?:copy|xcopy|move|robocopy|copy-item|move-item)\b(?:\s{1,40}[-/]\w{1,40}){0,8}\s{1,40}["']?(?![-/])[^\s"'&|]{1,400}["']?(?:\s{1,40}[-/]\w{1,40}){0,8}\s{1,40}["']?[^\s"'\r\n&|]{0,400}\\spp\\store(?:_test)?\\|\b(?:writeallbytes|set-content|out-file)\b[^\r\n]{0,200}\\spp\\store(?:_test)?\\[^\r\n"']{0,40}\b(?:data|tokens)\.dat/gi,
  },
  {
    what: (match) => `carries the parts of an activator script (${match[0].toLowerCase()})`,
    strength: 'strong',
    expression: /(?<=^[ \t]{0,40}):(?:sppmgr|embdbin|_extracttask|tsforge):|^@?set\s+"?masver=/gim,
  },
  {
    what: (match) => `keeps Defender from looking at ${match[1]}`,
    strength: 'strong',
    expression:
      /\b(?:add|set)-mppreference\b[^\r\n]{0,120}-exclusion\w+\s+["']?([^\r\n"']{0,160}(?:kms|activat|sppext|autopico|ohook)[^\r\n"']{0,60})/gi,
  },
  {
    what: 'keeps Defender from looking at a whole drive',
    strength: 'strong',
    expression: new RegExp(
      String.raw`\b(?:add|set)-mppreference\b[^\r\n]{0,120}-exclusionpath\s+["']?${DRIVE}["']?(?=[\s,;)|]|$)|${EXCLUSIONS}paths["']?\s[^\r\n]{0,80}?/v\s+["']?${DRIVE}["']?(?=\s|$)`,
      'gim',
    ),
  },
  {
    what: 'keeps Defender from looking at what is named after activation',
    strength: 'strong',
    expression: new RegExp(String.raw`${EXCLUSIONS}\w+["']?\s[^\r\n]{0,200}?(?:kms|activat|sppext|autopico|ohook)`, 'gi'),
  },
  {
    what: 'tells Defender to allow a threat',
    strength: 'strong',
    expression:
      /-threatiddefaultaction_actions\s+["']?(?:allow|6)\b|\\threatiddefaultaction["']?\s[^\r\n]{0,80}?\/v\s+["']?\d{6,12}["']?[^\r\n]{0,60}?\/d\s+["']?(?:0x)?0*6\b/gi,
  },
  {
    what: 'redirects the port of activation on the machine',
    strength: 'strong',
    expression:
      /\bnetsh(?:\.exe)?\s+(?:interface|int)\s+portproxy\s+(?:add|set)\b[^\r\n]{0,300}\b1688\b|\\portproxy\\+v[46]tov[46]\\+tcp\b[^\r\n]{0,300}\b1688\b/gi,
  },
  {
    what: 'installs a background program that is told the port of activation',
    strength: 'strong',
    expression:
      /\b(?:sc(?:\.exe)?\s+(?:\\\\\S+\s+)?(?:create|config)|new-service|schtasks(?:\.exe)?\s+\/create)\b[^\r\n]{0,400}[\s:=,"']1688\b/gi,
  },
  {
    what: 'leads names of activation astray by a policy',
    strength: 'strong',
    expression:
      /(?:\\dnspolicyconfig\b|\badd-dnsclientnrptrule\b)[^\r\n]{0,400}?(?:\.sls\.microsoft\.com|licensing\.mp\.microsoft\.com|_vlmcs)/gi,
  },
  {
    what: 'opens the port of activation on the machine',
    strength: 'strong',
    expression:
      /\b(?:netsh(?:\.exe)?\s+(?:advfirewall\s+firewall\s+add|firewall\s+add\s+portopening)|new-netfirewallrule)\b[^\r\n]{0,300}\b1688\b|\\firewallrules["']?\s(?![^\r\n]{0,80}sppsvc-in-tcp)(?=[^\r\n]{0,500}action=allow)(?=[^\r\n]{0,500}active=true)(?=[^\r\n]{0,500}dir=in)[^\r\n]{0,500}?\blport=1688\b/gi,
  },
  {
    what: 'leads names of activation astray in the hosts file',
    strength: 'strong',
    expression:
      /(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1)\s+(?:[\w.-]*(?:\.sls\.microsoft\.com|licensing\.mp\.microsoft\.com|_vlmcs)[\w.-]*)/gi,
    also: /drivers[\\/]etc/i,
  },
];

/** Switches that only activators have; one may be anybody's, two are not. */
const SWITCHES =
  /(?<=\s)\/(?:zcid|kms4k|igpk|rtmr|ctpr|revl|hwid|ohook|tsforge|kms38|z-(?:windows|office|esu)\w*|k-(?:windows|office)\w*)(?![\w-])/gi;

/** Where a script or command sets a KMS host; the first group is the host as written. */
const HOSTS: readonly RegExp[] = [
  /\bslmgr(?:\.vbs)?["']?[^\r\n&|]{0,120}?[\s"'][/-]skms(?:[ \t]*:[ \t]*|["']?[ \t]+)["']?([^\s"'&|)>,;]+)/gi,
  /\bospp(?:\.vbs)?["']?[^\r\n&|]{0,120}?[\s"'][/-]sethst:[ \t]*["']?([^\s"'&|)>,;]+)/gi,
  /\bSetKeyManagementServiceMachine\b[^\r\n]{0,60}?(?:\(\s*|MachineName\s*=\s*|,\s*|[ \t]+)["']([^"'\r\n]{1,255})["']/gi,
  /\bKeyManagementServiceName\b["']?[^\r\n]{0,100}?[ \t](?:\/d|-value)[ \t]+["']?([^\s"'&|)>,;]+)/gi,
  /\bKeyManagementServiceName["']\s*,\s*["']([^"'\r\n]{1,255})["']/gi,
];

/** The signs of a script; `allowed` are the KMS hosts that the image may use. */
export function activationSigns(script: PlainScript, allowed: readonly string[]): readonly ActivationSign[] {
  const signs = new Map<string, ActivationSign>();
  const add = (layer: ScriptLayer, match: RegExpExecArray, what: string, strength: Strength, word = match[0]): void => {
    if (signs.has(what) || signs.size >= SIGNS_MAX) return;
    const command = commandAt(layer.text, match.index);
    signs.set(what, { what, strength, command, word: tellingWord(word), offset: layer.at(match.index) });
  };
  for (const layer of script.layers) {
    for (const { expression, what, strength, also } of PATTERNS) {
      if (also && !also.test(layer.text)) continue;
      for (const match of layer.text.matchAll(expression)) add(layer, match, typeof what === 'string' ? what : what(match), strength);
    }
    for (const expression of HOSTS) {
      for (const match of layer.text.matchAll(expression)) {
        const judged = judgeHost(match[1]!, allowed);
        if (judged) add(layer, match, judged.what, judged.strength, match[1]);
      }
    }
    const switches = [...layer.text.matchAll(SWITCHES)];
    const kinds = new Set(switches.map(([text]) => text.toLowerCase()));
    if (kinds.size > 0) {
      add(
        layer,
        switches[0]!,
        `calls with the switches of an activator (${[...kinds].slice(0, 4).join(' ')})`,
        kinds.size > 1 ? 'strong' : 'weak',
      );
    }
  }
  return [...signs.values(), ...shapeSigns(script)];
}

/** Ways in which a script runs bytes that lie in its memory or puts them into a file. */
const RUNS_BYTES =
  /\bassembly\]?(?:::|\.)load\b|\bgetdelegateforfunctionpointer\b|\bvirtualalloc\b|\bcreate(?:remote)?thread\b|\bwriteallbytes\b|\bsavetofile\b/i;

/** How a script is made, whatever it does. */
function shapeSigns({ splits, carried, language, layers }: PlainScript): readonly ActivationSign[] {
  const first = { command: layers[0]?.text.slice(0, COMMAND_MAX) ?? '', word: '' };
  const signs: ActivationSign[] = [];
  if (splits > SPLITS_MAX) {
    signs.push({ ...first, what: `hides its words behind ${splits} variables that hold nothing`, strength: 'strong', offset: 0 });
  }
  for (const { kind, coding, offset } of carried) {
    if (kind === 'text' || kind === 'unknown') continue;
    const isRun = kind === 'program' && layers.some(({ text }) => RUNS_BYTES.test(text));
    if (language !== 'batch' && !isRun) continue;
    signs.push({ ...first, what: `carries a ${kind} in coded form (${coding})`, strength: 'strong', offset });
  }
  return signs;
}

function judgeHost(text: string, allowed: readonly string[]): { readonly what: string; readonly strength: Strength } | undefined {
  // A parameter or a variable: what it stands for is not in the script.
  if (/[%!$<{*[\]]/.test(text)) return undefined;
  const host = readKmsHost(text);
  if (host.kind === 'invalid' || isAllowedHost(host, host.port ?? KMS_PORT, allowed)) return undefined;
  const what = `sends activation to ${host.host}${host.port === undefined ? '' : `:${host.port}`}`;
  if (AZURE_HOSTS.has(host.host)) return { what: `${what}, a host for machines in a cloud`, strength: 'weak' };
  return {
    what: `${what}, ${meaningOf(host)}`,
    strength: host.kind === 'loopback' || isPublicActivationHost(host.host) ? 'certain' : 'strong',
  };
}

function meaningOf(host: KmsHost): string {
  if (host.kind === 'loopback') return 'the machine itself, where only an emulator answers';
  if (isPublicActivationHost(host.host)) return 'a public activation host of strangers';
  return 'a host that the image may not use';
}

function tellingWord(text: string): string {
  const words = text.toLowerCase().split(/[\s;(){}&|<>"'`]+/);
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

/** The line in which the character stands, at most COMMAND_MAX characters around it. */
function commandAt(text: string, index: number): string {
  const before = text.slice(Math.max(0, index - COMMAND_MAX), index);
  const behind = text.slice(index, index + COMMAND_MAX);
  const end = behind.indexOf('\n');
  return `${before.slice(before.lastIndexOf('\n') + 1)}${end < 0 ? behind : behind.slice(0, end)}`.trim();
}
