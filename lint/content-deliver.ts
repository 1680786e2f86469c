// Hands what is known of a content to the rules: hits and keys at every place where it stands, its bytes to visits, what failed as unable.
import type { ArchiveKind } from '../formats/content-kind.ts';
import type { Content, Place, Visit } from './content-plan.ts';
import type { ScanResult } from './content-scan.ts';
import { placeOf } from './planned-content.ts';
import type { RuleRun } from './rule-run.ts';

export interface Delivery {
  readonly runs: readonly RuleRun[];
  /** What of the hits lies at a place of its own inside the content; all of them at the content's own place unless given. */
  readonly split?: (place: Place, result: ScanResult) => Promise<readonly { readonly place: Place; readonly result: ScanResult }[]>;
  /** Called once for each scanned content that was read to its end and is a container of other files. */
  readonly onKind?: (content: Content, kind: ArchiveKind) => void;
  /** Called for a content that could not be read, in place of telling all rules that wanted it. */
  readonly onFailed?: (content: Content, failure: string) => void;
}

/** What is an archive shows only in its content, too. */
export function isScanning(run: RuleRun): boolean {
  const { select } = run.rule;
  return run.active && (select.text !== undefined || (select.signatures?.length ?? 0) > 0 || run.wants('opaque'));
}

/** What a scan found, at every place. What was found before a failure is still true. */
export async function deliverResult({ places }: Content, result: ScanResult, { runs, split }: Delivery): Promise<void> {
  if (result.hits.length === 0 && result.keys.length === 0 && !result.flooded) return;
  for (const place of places) {
    const parts = split ? await split(place, result) : [{ place, result }];
    for (const part of parts) await deliverHits(part.place, part.result, runs);
  }
}

/** The rules' `file` calls that waited for the content. True when all of them say that there is nothing in it. */
export async function deliverVisits(visits: readonly Visit[], bytesFor: (kind: 'head' | 'whole') => Uint8Array): Promise<boolean> {
  let nothing = true;
  for (const { run, file, content } of visits) nothing = (await run.look(file, bytesFor(content))) && nothing;
  return nothing;
}

/** The rules that wanted the content could not look at it, or not at all of it. */
export function deliverFailure(content: Content, failure: string, { runs, onFailed }: Delivery): void {
  if (onFailed) {
    onFailed(content, failure);
    return;
  }
  for (const { run, file } of content.visits) run.unable(`${file.path}: ${failure}`);
  const [place] = content.places;
  if (place) for (const run of runs.filter(isScanning)) run.unable(`${placeText(place)}: ${failure}`);
}

async function deliverHits(place: Place, { hits, keys, flooded }: ScanResult, runs: readonly RuleRun[]): Promise<void> {
  const at = placeOf(place.file, place.stream);
  for (const { signature, rule, meta, strings } of hits) {
    for (const run of runs) {
      if (!run.rule.select.signatures?.includes(signature) || !run.wants('match')) continue;
      await run.call((visitor) =>
        visitor.match!({ ...at, signature, rule, meta, strings: strings.map(({ id, offset }) => ({ id, offset })) }),
      );
    }
  }
  for (const run of runs.filter((one) => one.rule.select.text !== undefined && one.wants('text'))) {
    if (flooded) run.unable(`${placeText(place)}: holds more key-like texts than are looked at`);
    for (const key of keys) await run.call((visitor) => visitor.text!({ ...at, ...key }));
  }
}

function placeText({ file, stream }: Place): string {
  return stream === undefined ? file.path : `${file.path}:${stream}`;
}
