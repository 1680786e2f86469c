// Two weak signs of different kinds beside each other are a strong one: an honest reason for each is common, for both at once it is rare.
import { type Location, locationText } from './location.ts';
import { severityAt } from './profile.ts';
import type { Finding, Profile } from './result.ts';

/** Something that findings can share, from the narrowest to the widest. */
interface Scope {
  readonly id: string;
  readonly what: string;
}

const TASK_FILES = '/windows/system32/tasks/';
const TASK_TREE = 'microsoft\\windows nt\\currentversion\\schedule\\taskcache\\tree\\';

/**
 * The findings of one image, the weak ones among them raised to strong where another rule has a weak one at the same object, task, service, in the same
 * folder or image. The kind of a finding is its rule. What the user allowed is explained, and speaks against nothing else.
 */
export function correlate(findings: readonly Finding[], profile: Profile): readonly Finding[] {
  const weak = findings.filter(({ level, allowed }) => level === 'weak' && !allowed);
  if (new Set(weak.map(({ rule }) => rule)).size < 2) return findings;
  // Of each scope the first finding of each of two rules: one of them is a partner for any third.
  const pairs = new Map<string, Finding[]>();
  const scopes = new Map(weak.map((finding) => [finding, scopesOf(finding.at)]));
  for (const [finding, own] of scopes) {
    for (const { id } of own) {
      const pair = pairs.get(id) ?? [];
      if (pair.length < 2 && !pair.some(({ rule }) => rule === finding.rule)) pairs.set(id, [...pair, finding]);
    }
  }
  return findings.map((finding) => {
    for (const { id, what } of scopes.get(finding) ?? []) {
      const partner = pairs.get(id)!.find(({ rule }) => rule !== finding.rule);
      if (!partner) continue;
      const raised = `weak by itself; ${partner.rule} found another weak sign in the same ${what} (${locationText(partner.at)})`;
      return { ...finding, level: 'strong', severity: severityAt('strong', profile), raised };
    }
    return finding;
  });
}

function scopesOf(at: Location): readonly Scope[] {
  const image = { id: 'image', what: 'image' };
  if ('hive' in at) {
    const key = at.key.toLowerCase();
    const hive = at.hive.toLowerCase();
    return [{ id: `key ${hive}\\${key}`, what: 'registry key' }, ...ownerOf(hive, key), image];
  }
  if (!('file' in at)) return [{ id: `slack ${at.of}`, what: 'left-over' }, image];
  const path = `${at.partition ?? ''}:${at.file}`.toLowerCase();
  const file = at.file.toLowerCase();
  const inside = at.inside?.length ? [{ id: `member ${JSON.stringify([path, ...at.inside])}`, what: 'member of an archive' }] : [];
  const task = file.startsWith(TASK_FILES) ? [{ id: `task ${file.slice(TASK_FILES.length)}`, what: 'scheduled task' }] : [];
  const folder = { id: `folder ${path.slice(0, path.lastIndexOf('/'))}`, what: 'folder' };
  return [...inside, { id: `file ${path}`, what: 'file' }, ...task, folder, image];
}

/** The task or service that a key belongs to; every control set tells of the same services. */
function ownerOf(hive: string, key: string): readonly Scope[] {
  if (hive === 'software' && key.startsWith(TASK_TREE)) {
    return [{ id: `task ${key.slice(TASK_TREE.length).replaceAll('\\', '/')}`, what: 'scheduled task' }];
  }
  const service = hive === 'system' ? /^controlset\d+\\services\\([^\\]+)/.exec(key)?.[1] : undefined;
  return service === undefined ? [] : [{ id: `service ${service}`, what: 'service' }];
}
