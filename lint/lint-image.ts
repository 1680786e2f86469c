// Lints one image: one walk over files and keys, each distinct content read once, every rule called on the way.
import type { Image, ImageFile } from '../image/image.ts';
import { globSets } from '../image/path-globs.ts';
import type { ContentStore } from '../image/stored-content.ts';
import { isScanning } from './content-deliver.ts';
import { withDigests } from './content-digest.ts';
import { ContentPlan, opaqueReason, type Place, type Visit } from './content-plan.ts';
import { type Reading, readContents } from './content-read.ts';
import type { ReaderOptions } from './content-readers.ts';
import { ContentScanner, type ScanResult } from './content-scan.ts';
import { type Contents, joined, sizeOf } from './contents.ts';
import { HiveSlack } from './hive-slack.ts';
import { hiveGlobs, walkKeys } from './key-walk.ts';
import { NestedPlaces } from './nested/places.ts';
import { NestedReader } from './nested/reader.ts';
import { RELEASE } from './profile.ts';
import { addedStats, type ReadingStats } from './reading-stats.ts';
import type { ImageResult, LintResult, Profile } from './result.ts';
import type { LintPolicy, Rule } from './rule.ts';
import { type GivenOptions, resolveRuleOptions } from './rule-options.ts';
import { RuleRun, sortFindings } from './rule-run.ts';
import { loadSignatures, type Signatures } from './signatures.ts';
import { type SlackContent, withSlack } from './slack.ts';
import { type Readers, type StartOptions, startReaders } from './start-readers.ts';
import { type StartedWeighing, startWeighing } from './start-weighing.ts';
import type { VerdictMemory } from './store-run.ts';
import type { Base } from './trust.ts';
import { verdictOf } from './verdict.ts';
import type { VerdictCache } from './verdict-cache.ts';
import { ViewStore } from './view.ts';
import { views } from './views/index.ts';
import { visitFile } from './visit-file.ts';
import { visitBasis } from './visit-key.ts';
import { type Settled, settleWeighed } from './weighed-contents.ts';

export interface LintImageOptions {
  readonly rules: readonly Rule[];
  readonly policy?: LintPolicy;
  /** `release` unless given. */
  readonly profile?: Profile;
  /** Options of rules as the config gives them, by rule id. */
  readonly options?: GivenOptions;
  readonly signal?: AbortSignal;
  /** Compiled signatures of the rules; loaded from rules/yara unless given. */
  readonly signatures?: Signatures;
  /** False: archives inside the image stay closed, and what tells of closed ones is unable. */
  readonly archives?: boolean;
  /** Contents that the container holds and no file names; scanned with those of the image. */
  readonly slack?: () => Promise<readonly SlackContent[]>;
  /** What the user trusts: its contents are not scanned again where they stand at the same path. */
  readonly base?: Base;
  /** What was found clean before, in the same stored bytes. */
  readonly cache?: VerdictCache;
  /** Begun before the image was opened; begun with it unless given. */
  readonly weighing?: StartedWeighing;
  /** How processes of their own read contents, or false for none; a few contents are read without them. */
  readonly readers?: false | (Omit<ReaderOptions, 'setup'> & { readonly from?: number });
  /** Bytes of content read so far, and in all. */
  readonly progress?: (done: number, total: number) => void;
}

/** From this much content on, in bytes, starting processes takes less time than it saves. */
export const READERS_FROM = 32 * 1024 * 1024;

/** With a base one reader does for what is left, as a rule: to load each takes as long as to read some hundred megabytes. */
const ALL_READERS_FROM = 512 * 1024 * 1024;

export type ImageStats = Omit<LintResult['stats'], 'seconds'>;

const ARCHIVES_CLOSED = 'archives inside the image were not opened, as was asked for';

/** What one image says; nothing is allowed yet. */
export interface LintedImage extends ImageResult {
  readonly stats: ImageStats;
}

export async function lintImage(image: Image, given: LintImageOptions): Promise<LintedImage> {
  const { rules, policy = { kmsHosts: [] }, profile = RELEASE, signal } = given;
  const options = resolveRuleOptions(rules, given.options);
  const signatures = given.signatures ?? (await loadSignatures(signatureNames(rules)));
  const slowBefore = signatures.slowMs();
  const places = new NestedPlaces();
  const store = new ViewStore(image);
  const base = async () => given.base?.alike(image.info);
  const runs = rules.map(
    (rule) => new RuleRun(rule, { policy, profile, options: options.get(rule.id)!, info: image.info, places, store, base }),
  );
  for (const run of runs.filter((one) => one.active)) tellUnusable(run, signatures);

  const opens = given.archives !== false && runs.some((run) => run.active && (isScanning(run) || run.wants('file')));
  if (given.archives === false) for (const run of runs) if (run.wants('opaque')) run.unable(ARCHIVES_CLOSED);
  const wishes = {
    signatures: signatures.empty ? undefined : signatures,
    keys: runs.some((run) => run.active && run.rule.select.text !== undefined),
  };
  const setup = { signatures: [...signatures.texts], needs: needsOf(signatures), keys: wishes.keys };
  const openCache = async () => given.cache?.open(setup, visitBasis(policy, options, image.info));
  const { from = READERS_FROM, ...readers } = given.readers || {};
  const { weighing, refused: baseRefused } =
    given.weighing ??
    (given.readers === false
      ? { weighing: undefined, refused: undefined }
      : startWeighing(image.store?.(), image.info, { base: given.base, remembers: given.cache?.mayKnow === true, from }));
  const hasBase = given.base !== undefined && baseRefused === undefined;
  // What rules want even of what is in a base is much; what nobody knows of a file in the cache is little as a rule.
  const isMuchToRead = !weighing || hasBase;
  let early: Readers | undefined;
  try {
    const memory = given.readers === false ? undefined : await openCache();
    weighing?.remember(memory?.known);
    if (isMuchToRead && given.readers !== false)
      early = startEarly(image.store?.(), from, { ...readers, setup, known: memory?.known, ...(hasBase ? { first: 1 } : {}) });
    return await lintRuns(memory);
  } finally {
    weighing?.stop();
    early?.stop();
  }

  async function lintRuns(memory: VerdictMemory | undefined): Promise<LintedImage> {
    const { contents, files, hives, foretold } = await walkFiles(image, runs, { opens, ...(signal ? { signal } : {}) });
    store.foretell(foretold);
    await walkKeys(image, runs, hives, signal);

    const reading = { runs, makeScanner: () => new ContentScanner(wishes), ...(signal ? { signal } : {}) };
    const hiveSlack = new HiveSlack(places);
    const total = sizeOf(contents);
    let done = 0;
    const onBytes = (more: number) => {
      done += more;
      given.progress?.(done, total);
    };
    const nested = opens ? new NestedReader(image, reading, places) : undefined;
    const watching = (from: Pick<Image, 'stream'>, plain: Reading) => nested?.watching(from, plain) ?? plain;
    const slack = given.slack && runs.some(isScanning) ? await given.slack() : [];
    // What nobody knows is read here, where no readers wait for it: the weighing threads leave the time to compile for it.
    if (weighing && !isMuchToRead) signatures.prepare();
    const weighed = await weighing?.weighed;
    const settled = weighed && settleWeighed(image, contents, { weighed, hasBase, memory }, { ...watching(image, reading), onBytes });
    const { source, contents: loose } = withSlack(image, slack, places);
    const left = joined(settled?.left ?? contents, loose);
    const toRead = sizeOf(left);
    if (toRead >= ALL_READERS_FROM) early?.startRest();
    const telling = {
      ...reading,
      split: (place: Place, result: ScanResult) => hiveSlack.split(place, result),
      onBytes,
      ...(given.readers !== false && toRead >= from
        ? {
            readers: {
              ...readers,
              setup,
              ...(memory ? { cache: memory } : {}),
              ...(early ? { started: early } : {}),
            },
          }
        : {}),
    };
    const rest = await readContents(source, left, watching(source, telling));
    const read = settled ? addedStats(settled.stats, rest) : rest;
    await nested?.openFound();

    for (const run of runs) {
      signal?.throwIfAborted();
      await run.settled();
      if (run.wants('end')) await run.call((visitor) => visitor.end!(image));
    }
    // What a rule threw because the run was stopped is no fault of the rule.
    signal?.throwIfAborted();

    const refused = given.base && (baseRefused ?? refusalOf(given.base.path, weighing !== undefined, settled));
    const findings = await withDigests(image, sortFindings(runs.flatMap((run) => run.findings)), slack);
    const outcomes = runs.map((run) => run.outcome());
    const stats = {
      ...statsOf(files, read, signatures, signatures.slowMs() - slowBefore),
      ...(nested ? { archives: nested.cost } : {}),
      ...(refused === undefined ? {} : { notes: [`nothing of the base is trusted: ${refused}`] }),
    };
    return { info: image.info, verdict: verdictOf(findings, outcomes), outcomes, findings, stats };
  }
}

/** What the comparison with a base came to, when nothing of it may be trusted. */
function refusalOf(path: string, isWeighed: boolean, settled: Settled | undefined): string | undefined {
  if (!isWeighed) return undefined;
  if (!settled) return `${path}: the comparison did not come to its end`;
  return settled.refused === undefined ? undefined : `${path}: ${settled.refused}`;
}

/** Readers that load while the image is walked: for a file so large that they will be wanted. */
function startEarly(store: ContentStore | undefined, from: number, options: StartOptions): Readers | undefined {
  return store === undefined || store.size < from ? undefined : startReaders(store, options);
}

function statsOf(files: number, { ofBase, cached, slowMs, ...read }: ReadingStats, { slow }: Signatures, here: number): ImageStats {
  return {
    files,
    ...read,
    ...(ofBase.blobs > 0 ? { ofBase } : {}),
    ...(cached.blobs > 0 ? { cached } : {}),
    ...(slow.size > 0 ? { slowSignatures: [...slow.keys()], slowSeconds: Math.round(slowMs + here) / 1000 } : {}),
  };
}

function needsOf({ needs }: Signatures): StartOptions['setup']['needs'] {
  const hex = (form: Uint8Array) => Buffer.from(form).toString('hex');
  return Object.fromEntries([...needs].map(([name, { forms, without }]) => [name, { forms: forms.map(hex), without }]));
}

/** Names of the signature files that the rules want. */
export function signatureNames(rules: readonly Rule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ select }) => select.signatures ?? []))].sort();
}

function tellUnusable(run: RuleRun, { unusable }: Signatures): void {
  for (const name of run.rule.select.signatures ?? []) {
    const reason = unusable.get(name);
    if (reason !== undefined) run.unable(reason);
  }
}

interface Walked {
  readonly contents: Contents;
  readonly files: number;
  /** Files that some key pattern may mean as a hive. */
  readonly hives: readonly string[];
  /** Files that views look for, by their lists of globs. */
  readonly foretold: ReadonlyMap<readonly string[], readonly ImageFile[]>;
}

async function walkFiles(
  image: Image,
  runs: readonly RuleRun[],
  { opens, signal }: { readonly opens: boolean; readonly signal?: AbortSignal },
): Promise<Walked> {
  const plan = new ContentPlan(image);
  const wait = (visit: Visit) => plan.addVisit(visit);
  const wanting = byGlobs(runs.filter((run) => run.wants('file')));
  const foretold = new Map<readonly string[], ImageFile[]>(viewWalks.map((globs) => [globs, []]));
  const taking = globSets([...wanting.map(({ globs }) => globs), ...viewWalks]);
  const isHive = hiveGlobs(runs);
  const scanning = runs.filter(isScanning);
  const hives: string[] = [];
  let files = 0;
  const look = (file: ImageFile): Promise<void> | undefined => {
    signal?.throwIfAborted();
    if (!file.folder) files++;
    const { path } = file;
    if (!file.folder && (file.size > 0 || file.reparse) && isHive(path)) hives.push(path); // an empty one is no hive yet
    if (scanning.length > 0 || opens) plan.addScan(file);
    const opaque = opaqueReason(file);
    if (opaque !== undefined) for (const run of scanning) run.unable(opaque);
    let waiting: Promise<void> | undefined;
    for (const set of taking(path)) {
      if (set >= wanting.length) foretold.get(viewWalks[set - wanting.length]!)!.push(file);
      for (const run of wanting[set]?.together ?? [])
        waiting = waiting ? waiting.then(() => visitFile(run, file, wait)) : visitFile(run, file, wait);
    }
    return waiting;
  };
  for (const next of image.entries?.() ?? []) {
    const waiting = look(next instanceof Promise ? await next : next);
    if (waiting) await waiting;
  }
  if (!image.entries) for await (const file of image.walk()) await look(file);
  return { contents: plan, files, hives, foretold };
}

const viewWalks = Object.values(views).flatMap((view) => ('walks' in view && view.walks) || []);

/** Rules that ask for the same files are asked for once: many rules look at answer files. */
function byGlobs(runs: readonly RuleRun[]): readonly { readonly globs: readonly string[]; readonly together: readonly RuleRun[] }[] {
  const groups = new Map<string, { globs: readonly string[]; together: RuleRun[] }>();
  for (const run of runs) {
    const globs = run.rule.select.files ?? [];
    const id = globs.join('\0');
    const group = groups.get(id) ?? { globs, together: [] };
    group.together.push(run);
    groups.set(id, group);
  }
  return [...groups.values()];
}
