// Our own SHA-256 of what a certain finding stands on: what the container claims is no proof, and what a file is called is none.
import { createHash } from 'node:crypto';
import { WtgforgeError } from '../errors.ts';
import { hivePath } from '../image/hive-path.ts';
import type { Hive, Image } from '../image/image.ts';
import { type Location, locationText } from './location.ts';
import type { Finding } from './result.ts';
import type { SlackContent } from './slack.ts';

/** Contents that are digested for one image. An honest one has hardly any certain finding; a flood of them rejects in any case. */
export const DIGESTS_MAX = 1000;
/** Findings of this family may stand on nothing but a short secret, and its digest would let anybody try passwords on it. */
const SECRETS = /^secrets\//;

/** The findings, each certain one with the digest of its content where that can be read. Nobody can allow what has none. */
export async function withDigests(image: Image, findings: readonly Finding[], slack: readonly SlackContent[]): Promise<readonly Finding[]> {
  const certain = findings.filter(({ level, rule }) => level === 'certain' && !SECRETS.test(rule));
  if (certain.length === 0) return findings;
  const digests = new Map<string, string | undefined>();
  for (const { at } of certain) {
    const id = contentId(at);
    if (digests.has(id) || digests.size >= DIGESTS_MAX) continue;
    digests.set(id, await digestAt(image, at, slack));
  }
  return findings.map((finding) => {
    const sha256 = finding.level === 'certain' && !SECRETS.test(finding.rule) ? digests.get(contentId(finding.at)) : undefined;
    return sha256 === undefined ? finding : { ...finding, sha256 };
  });
}

/** Of a member of an archive the whole archive counts: it holds the member. */
function contentId(at: Location): string {
  const { inside: _, ...outer } = at as Location & { inside?: unknown };
  return locationText(outer as Location);
}

async function digestAt(image: Image, at: Location, slack: readonly SlackContent[]): Promise<string | undefined> {
  try {
    if ('file' in at) return await fileDigest(image, at.file, at.stream);
    if ('hive' in at) return keyDigest(await image.hive(at.hive), at.key, at.name);
    if (at.slack === 'hive') return await fileDigest(image, at.of.startsWith('/') ? at.of : hivePath(at.of as 'SYSTEM'), undefined);
    const content = slack.find(({ digest }) => digest === at.of);
    return (
      content &&
      createHash('sha256')
        .update(await content.read())
        .digest('hex')
    );
  } catch (error) {
    if (error instanceof WtgforgeError) return undefined;
    throw error;
  }
}

async function fileDigest(image: Image, path: string, stream: string | undefined): Promise<string | undefined> {
  const file = await image.find(path);
  if (!file || (file.folder && stream === undefined)) return undefined;
  const hash = createHash('sha256');
  for await (const { bytes, failed } of image.stream([{ file, ...(stream === undefined ? {} : { stream }) }])) {
    if (failed !== undefined) return undefined;
    hash.update(bytes);
  }
  return hash.digest('hex');
}

/** Of one value its type and bytes; of a key all its values with their names, in the order of the names. */
function keyDigest(hive: Hive, key: string, name: string | undefined): string | undefined {
  const all = hive.values(key);
  const values = name === undefined ? all : all.filter((value) => value.name.toLowerCase() === name.toLowerCase());
  if (!hive.has(key) || (name !== undefined && values.length === 0)) return undefined;
  const hash = createHash('sha256');
  const named = values.map((value) => ({ name: name === undefined ? value.name.toLowerCase() : '', value }));
  for (const { name: own, value } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(JSON.stringify([own, value.type, value.raw.length])).update(value.raw);
  }
  return hash.digest('hex');
}
