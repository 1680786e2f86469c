// Lints every image of an opened container, applies the allowlist, and says the worst verdict of all.
import { ImageError } from '../errors.ts';
import type { Container } from '../image/image.ts';
import { openAllowlist } from './allowlist.ts';
import { judgeImage } from './judge.ts';
import { type ImageStats, type LintImageOptions, lintImage, READERS_FROM, signatureNames } from './lint-image.ts';
import { RELEASE } from './profile.ts';
import { addedContents } from './reading-stats.ts';
import type { AllowlistEntry, ImageResult, LintResult, Profile } from './result.ts';
import type { LintPolicy, Rule } from './rule.ts';
import { type GivenOptions, resolveRuleOptions } from './rule-options.ts';
import { lintSides } from './side-trees.ts';
import { loadSignatures, type Signatures, sourceOf } from './signatures.ts';
import { hasUnreferenced } from './slack.ts';
import { type StartedWeighing, startWeighing } from './start-weighing.ts';
import { openBase } from './trust.ts';
import { worstVerdict } from './verdict.ts';
import type { VerdictCache } from './verdict-cache.ts';

export interface LintOptions {
  readonly rules: readonly Rule[];
  readonly policy: LintPolicy;
  /** What evidence weighs; `release` unless given. */
  readonly profile?: Profile;
  /** Options of rules, by rule id. */
  readonly options: GivenOptions;
  readonly allow: readonly AllowlistEntry[];
  /** Only these images, from 1; every image of the container unless given. */
  readonly images?: readonly number[];
  /** False: archives inside the images stay closed. */
  readonly archives?: boolean;
  readonly signal?: AbortSignal;
  /** Thousandths of an image that are done, and all of them; bytes of content read, for a rate. */
  readonly progress?: (done: number, total: number, bytes: number) => void;
  /** A container that the user trusts: what stands in it at the same path with the same stored bytes is not scanned. */
  readonly base?: string;
  /** What remembers clean contents from run to run. */
  readonly cache?: VerdictCache;
  /** Texts of signature files beside the shipped ones, by name. */
  readonly signatures?: ReadonlyMap<string, string>;
  /** How contents are read by processes of their own, or false for none. */
  readonly readers?: LintImageOptions['readers'];
  /** Today, for the allowlist. */
  readonly now?: Date;
}

const PARTS = 1000;
const NONE_OPENED = { opened: 0, members: 0, bytes: 0, seconds: 0 };

/** @throws ConfigError when rules or options are wrong; ImageError when an image is not there or cannot be opened. */
export async function lintOpened(container: Container, given: LintOptions): Promise<LintResult> {
  const started = performance.now();
  const { rules, policy, options, profile = RELEASE, signal } = given;
  resolveRuleOptions(rules, options);
  const indexes = chosenImages(container, given.images);
  const allowlist = openAllowlist(given.allow, given.now ?? new Date());
  const total = indexes.length * PARTS;
  let bytes = 0;
  const images: ImageResult[] = [];
  let stats: ImageStats = { files: 0, blobs: 0, bytesScanned: 0, bytesSkipped: 0 };
  const base = given.base === undefined ? undefined : await openBase(given.base, container);
  // Stored bytes can be weighed without anything that takes a while: signatures, metadata of the image.
  let weighing = weighingOf(indexes[0]!);
  try {
    const signatures = await loadSignatures(signatureNames(rules), sourceOf(given.signatures));
    for (const [at, index] of indexes.entries()) await lintAt(at, index, signatures);
  } finally {
    weighing?.weighing?.stop();
    await base?.close();
  }
  await given.cache?.save();
  if (given.cache?.refused !== undefined) stats = withNote(stats, `no verdict is remembered: ${given.cache.refused}`);
  given.progress?.(total, total, bytes);
  return {
    container: { path: container.path, format: container.id },
    profile,
    verdict: worstVerdict(images.map(({ verdict }) => verdict)),
    images,
    allowlist: { unused: allowlist.unused(), expired: allowlist.expired, insufficient: allowlist.insufficient() },
    stats: { ...stats, seconds: Math.round(performance.now() - started) / 1000 },
  };

  function weighingOf(index: number): StartedWeighing | undefined {
    const { readers = {} } = given;
    const store = container.store?.(index);
    const info = container.images.find((one) => one.info.index === index)?.info;
    if (readers === false || !info || !store) return undefined;
    return startWeighing(store, info, { base, remembers: given.cache?.mayKnow === true, from: readers.from ?? READERS_FROM });
  }

  async function lintAt(at: number, index: number, signatures: Signatures): Promise<void> {
    signal?.throwIfAborted();
    given.progress?.(at * PARTS, total, bytes);
    const before = bytes;
    weighing ??= weighingOf(index);
    const image = await container.open(index);
    try {
      const linted = await lintImage(image, {
        rules,
        policy,
        profile,
        options,
        signatures,
        archives: given.archives ?? true,
        ...(given.readers === undefined ? {} : { readers: given.readers }),
        ...(base ? { base } : {}),
        ...(weighing ? { weighing } : {}),
        ...(given.cache ? { cache: given.cache } : {}),
        ...(signal ? { signal } : {}),
        // Left-overs belong to the file and to no image: they are told with the first.
        ...(at === 0 && hasUnreferenced(container) ? { slack: () => container.unreferencedBlobs() } : {}),
        ...(given.progress
          ? {
              progress: (done, all) => {
                bytes = before + done;
                given.progress!(at * PARTS + Math.floor(Math.min(1, done / all) * PARTS), total, bytes);
              },
            }
          : {}),
      });
      // Other partitions and the rest of an ISO are told with the first, too.
      const sides = at === 0 ? (container.sides?.() ?? []) : [];
      const archives = given.archives ?? true;
      const whole = await lintSides(linted, sides, {
        rules,
        policy,
        options,
        profile,
        signatures,
        archives,
        ...(signal ? { signal } : {}),
      });
      images.push(judgeImage(whole, allowlist, profile));
      weighing = undefined; // it ended with the image
      stats = added(stats, whole.stats);
    } finally {
      await image.close();
    }
  }
}

function chosenImages(container: Container, wanted: readonly number[] | undefined): readonly number[] {
  const there = container.images.map(({ info }) => info.index);
  if (there.length === 0) throw new ImageError('IMAGE_NONE', `${container.path}: holds no image to lint`);
  if (wanted === undefined || wanted.length === 0) return there;
  const absent = wanted.filter((index) => !there.includes(index));
  if (absent.length > 0) {
    throw new ImageError('IMAGE_INDEX_ABSENT', `${container.path}: there is no image ${absent.join(', ')} (it holds ${there.join(', ')})`, {
      hint: 'Choose other images: "wtgforge inspect" lists them.',
    });
  }
  return there.filter((index) => wanted.includes(index));
}

function added(a: ImageStats, b: ImageStats): ImageStats {
  const notes = [...new Set([...(a.notes ?? []), ...(b.notes ?? [])])];
  const slow = [...new Set([...(a.slowSignatures ?? []), ...(b.slowSignatures ?? [])])];
  return {
    files: a.files + b.files,
    blobs: a.blobs + b.blobs,
    bytesScanned: a.bytesScanned + b.bytesScanned,
    bytesSkipped: a.bytesSkipped + b.bytesSkipped,
    ...(a.ofBase || b.ofBase ? { ofBase: addedContents(a.ofBase, b.ofBase) } : {}),
    ...(a.cached || b.cached ? { cached: addedContents(a.cached, b.cached) } : {}),
    ...(slow.length > 0
      ? { slowSignatures: slow, slowSeconds: Math.round(((a.slowSeconds ?? 0) + (b.slowSeconds ?? 0)) * 1000) / 1000 }
      : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(a.archives || b.archives ? { archives: addedArchives(a.archives, b.archives) } : {}),
  };
}

function withNote(stats: ImageStats, note: string): ImageStats {
  return { ...stats, notes: [...(stats.notes ?? []), note] };
}

function addedArchives(a: ImageStats['archives'] = NONE_OPENED, b: ImageStats['archives'] = NONE_OPENED): typeof NONE_OPENED {
  return {
    opened: a.opened + b.opened,
    members: a.members + b.members,
    bytes: a.bytes + b.bytes,
    seconds: Math.round((a.seconds + b.seconds) * 1000) / 1000,
  };
}
