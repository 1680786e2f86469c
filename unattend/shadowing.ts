// Which answer file of an image wins in each configuration pass, and which ones are never read.
import { attributeOf, elementsOf } from '../formats/xml/tree.ts';
import { answerFileCopies, answerFileLocations } from './locations.ts';
import type { AnswerFile } from './model.ts';
import { PASSES, type Pass } from './names.ts';

/** An answer file that an image holds, wherever it lies. */
export interface PlacedAnswerFile {
  readonly path: string; // from the image root, any case
  /** What it holds; undefined when it could not be read as an answer file. */
  readonly file: AnswerFile | undefined;
  /** True for the file that the registry value `Setup\UnattendFile` names. */
  readonly named?: boolean;
}

export interface PassOutcome {
  readonly pass: Pass;
  /** Path of the file that Setup takes; undefined when every file that holds the pass has it done already. */
  readonly winner: string | undefined;
  readonly reason: string;
  /** The other files that hold the pass, in the order of the search. */
  readonly losers: readonly { readonly path: string; readonly reason: string }[];
}

export interface Shadowing {
  /** Only the passes that at least one file holds, in the order in which Setup runs them. */
  readonly passes: readonly PassOutcome[];
  /** Files that win no pass at all. */
  readonly stale: readonly { readonly path: string; readonly reason: string }[];
}

/** Over before an installed image starts for the first time. */
const INSTALL_PASSES: readonly string[] = ['windowsPE', 'offlineServicing'];
const SYSPREP = '/windows/system32/sysprep/unattend.xml';

interface Candidate {
  readonly path: string;
  readonly rank: number;
  readonly why: string;
  readonly holds: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
}

/**
 * The answer files of an image as Setup would search them: the registry's first, then by place; the first that holds a pass not yet
 * marked as done wins it. Removable media, which stand between Panther and Sysprep, cannot be known.
 * Source: Windows Setup Automation Overview (Microsoft, 2018).
 */
export function shadowingOf(files: readonly PlacedAnswerFile[]): Shadowing {
  const candidates = files.flatMap(candidateOf).sort((a, b) => a.rank - b.rank);
  const passes = PASSES.flatMap((pass) => {
    const holders = candidates.filter(({ holds }) => holds.has(pass));
    return holders.length === 0 ? [] : [outcomeOf(pass, holders)];
  });
  const winners = new Set(passes.map(({ winner }) => winner));
  const stale = files.flatMap((placed) => (winners.has(placed.path) ? [] : [{ path: placed.path, reason: staleReason(placed, passes) }]));
  return { passes, stale };
}

function candidateOf(placed: PlacedAnswerFile): readonly Candidate[] {
  const { path, file } = placed;
  const rank = rankOf(placed);
  if (rank === undefined || !file) return [];
  const settings = elementsOf(file.document.root).filter(({ local }) => local === 'settings');
  const named = (wanted: typeof settings) => new Set(wanted.map((one) => attributeOf(one, 'pass') ?? ''));
  const done = named(settings.filter((one) => attributeOf(one, 'wasPassProcessed')?.toLowerCase() === 'true'));
  const why = placed.named ? 'the registry value Setup\\UnattendFile names it, before any place' : answerFileLocations[rank]!.reason;
  return [{ path, rank, why, holds: named(settings), done }];
}

/** Place in the search, from 0; the registry's file stands before all. undefined: Setup does not look there. */
function rankOf({ path, named }: PlacedAnswerFile): number | undefined {
  if (named) return -1;
  const rank = answerFileLocations.findIndex((location) => location.path.toLowerCase() === path.toLowerCase());
  return rank < 0 ? undefined : rank;
}

function outcomeOf(pass: Pass, holders: readonly Candidate[]): PassOutcome {
  const searched = (one: Candidate) => !(INSTALL_PASSES.includes(pass) && one.path.toLowerCase() === SYSPREP && one.rank >= 0);
  const winner = holders.find((one) => !one.done.has(pass) && searched(one));
  const losers = holders
    .filter((one) => one !== winner)
    .map((one) => ({ path: one.path, reason: losingReason(one, pass, searched(one), winner) }));
  const idle = INSTALL_PASSES.includes(pass) ? '; Setup runs this pass only while it installs' : '';
  return { pass, winner: winner?.path, reason: `${winner?.why ?? 'no file holds the pass for a further run'}${idle}`, losers };
}

function losingReason({ done }: Candidate, pass: Pass, searched: boolean, winner: Candidate | undefined): string {
  if (done.has(pass)) return 'the pass is marked as done in it';
  if (!searched) return `Sysprep's folder is not searched for ${pass}`;
  return `${winner!.path} is found before it`;
}

function staleReason({ path, file, named }: PlacedAnswerFile, passes: readonly PassOutcome[]): string {
  if (rankOf({ path, file, ...(named ? { named } : {}) }) === undefined) {
    const copy = answerFileCopies.find((known) => known.path.toLowerCase() === path.toLowerCase());
    return copy ? `Setup does not read it here: ${copy.reason}` : 'Setup does not look for answer files here';
  }
  if (!file) return 'it cannot be read as an answer file';
  const own = passes.flatMap(({ pass, losers }) => losers.filter((loser) => loser.path === path).map(({ reason }) => `${pass}: ${reason}`));
  return own.length > 0 ? own.join('; ') : 'it holds no configuration pass';
}
