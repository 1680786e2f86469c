// What kind of thing carries a telling word: the same word is proof in a program, a sign in a setting, and nothing in prose.
import type { HiveName } from '../image/image.ts';
import type { Level } from './rule.ts';

/** From what acts to what only speaks. `data` is what nothing tells. */
export type Carrier = 'program' | 'script' | 'task' | 'service' | 'autostart' | 'config' | 'log' | 'prose' | 'data';

/** The most that a word alone can be on each; undefined: nothing. A rule that understands what is done there says its own level. */
const MOST: Readonly<Record<Carrier, Level | undefined>> = {
  program: 'certain',
  script: 'certain',
  task: 'strong',
  service: 'strong',
  autostart: 'strong',
  config: 'weak',
  data: 'weak',
  log: 'weak',
  prose: undefined,
};

const RANK: Readonly<Record<Level, number>> = { certain: 3, strong: 2, opaque: 2, weak: 1 };

/** `own`, as far as such a carrier bears it; undefined when a word there means nothing. */
export function levelOn(carrier: Carrier, own: Level): Level | undefined {
  const most = MOST[carrier];
  return most === undefined || RANK[most] >= RANK[own] ? most && own : most;
}

/** Endings that Windows runs or loads as machine code. */
const PROGRAM = /\.(?:exe|dll|sys|com|scr|cpl|ocx|drv|efi|msi|msp|mst|ax|node|pyd|kmd)$/;
const SCRIPT = /\.(?:cmd|bat|ps1|psm1|psd1|vbs|vbe|js|jse|mjs|wsf|wsc|hta|py|pyw|lnk|pif|reg|au3|ahk|sct|inf)$/;
const CONFIG = /\.(?:ini|cfg|conf|config|json|ya?ml|toml|xml|xaml|settings|properties|plist|pol|admx|adml)$/;
const LOG = /\.(?:log|evtx?|etl|trace|dmp|pf|history|blf)$|\/consolehost_history\.txt$/;
/** Texts for people, rule files and catalogues: they name a thing and are none. */
const PROSE =
  /\.(?:txt|md|markdown|rst|adoc|html?|mht|pdf|docx?|rtf|odt|epub|chm|csv|tsv|yara?|sig|sigma|ndb|hdb|cdb|ldb|spdx|nuspec|po|mo|mui|srt|url|png|jpe?g|gif|svg|ico)$/;

const TASKS = /^\/windows\/(?:system32|syswow64)\/tasks\//;

/** @param head the first bytes of the content, where they are at hand: they tell a program or script of any name. */
export function carrierOfFile(path: string, head?: Uint8Array): Carrier {
  const name = path.toLowerCase();
  const begun = head && carrierOfHead(head);
  // What begins like a program is one, however it is called: a renamed one is all the more telling.
  if (begun === 'program') return begun;
  if (TASKS.test(name)) return 'task';
  if (PROGRAM.test(name)) return 'program';
  if (SCRIPT.test(name)) return 'script';
  if (LOG.test(name)) return 'log';
  if (PROSE.test(name)) return 'prose';
  if (CONFIG.test(name)) return 'config';
  return begun ?? 'data';
}

/** MZ, ELF, Mach-O (both orders and fat); a `#!` line. */
function carrierOfHead(head: Uint8Array): Carrier | undefined {
  const start = Buffer.from(head.subarray(0, 4)).toString('latin1');
  if (/^(?:MZ|\x7fELF|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|\xca\xfe\xba\xbe)/s.test(start)) return 'program';
  return start.startsWith('#!') ? 'script' : undefined;
}

const AUTOSTART =
  /\\(?:run|runonce|runonceex|runservices|runservicesonce)(?:\\|$)|\\policies\\explorer\\run|\\active setup\\installed components\\|\\winlogon(?:\\|$)|\\image file execution options\\|\\silentprocessexit\\/;

/** @param key below the hive's root. */
export function carrierOfKey(hive: HiveName, key: string): Carrier {
  const path = `\\${key.toLowerCase()}`;
  if (/\\schedule\\taskcache\\(?:tree|tasks)\\/.test(path)) return 'task';
  if (hive === 'SYSTEM' && /^\\controlset\d+\\services\\/.test(path)) return 'service';
  return AUTOSTART.test(path) ? 'autostart' : 'config';
}
