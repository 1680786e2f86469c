// What all archives of one run share: the rules, the limits, the places, and where it is told that something could not be opened.
import type { ArchiveKind } from '../../formats/content-kind.ts';
import type { Place } from '../content-plan.ts';
import type { Reading } from '../content-read.ts';
import type { OpaqueReason } from '../rule.ts';
import type { RuleRun } from '../rule-run.ts';
import { Budget, PLACES_MAX } from './limits.ts';
import type { NestedPlaces } from './places.ts';

/** An archive that stands in a temporary file. */
export interface Source {
  /** The temporary file. */
  readonly path: string;
  readonly size: number;
  readonly kind: ArchiveKind;
  /** 1 for an archive of the image, 2 for one in it. */
  readonly depth: number;
  /** Where it is; several when equal files stand in several places. */
  readonly places: readonly Place[];
}

export interface NestedStats {
  /** Archives that were opened, nested ones included. */
  opened: number;
  members: number;
  /** Unpacked bytes that were read. */
  bytes: number;
}

export interface NestedSetting {
  readonly reading: Reading;
  readonly places: NestedPlaces;
  /** The rules that get files, and which. */
  readonly visitors: readonly { readonly run: RuleRun; readonly takes: (path: string) => boolean }[];
  /** Whether the image itself holds something at the path. */
  readonly isTaken: (path: string) => Promise<boolean>;
  /** Opens an archive in an archive. */
  readonly open: (context: NestedContext, source: Source) => Promise<void>;
}

export class NestedContext {
  readonly reading: Reading;
  readonly places: NestedPlaces;
  readonly budget = new Budget();
  readonly stats: NestedStats = { opened: 0, members: 0, bytes: 0 };
  private readonly setting: NestedSetting;
  /** One word for each file and reason: what is packed a thousand times in one file is told once. */
  private readonly told = new Set<string>();

  constructor(setting: NestedSetting) {
    this.setting = setting;
    this.reading = setting.reading;
    this.places = setting.places;
  }

  get visitors(): NestedSetting['visitors'] {
    return this.setting.visitors;
  }

  get signal(): AbortSignal | undefined {
    return this.reading.signal;
  }

  open(source: Source): Promise<void> {
    return this.setting.open(this, source);
  }

  /** The prefixes for the members of an archive, one for each place where it is. */
  async enter(source: Source): Promise<readonly string[]> {
    const prefixes: string[] = [];
    for (const { file, stream } of source.places.slice(0, PLACES_MAX)) {
      const path = stream === undefined ? file.path : `${file.path}:${stream}`;
      prefixes.push(await this.places.enter(path, this.places.locate(file.path, stream), this.setting.isTaken));
    }
    return prefixes;
  }

  /** Tells the rules what could not be looked at. `once` names what is told once in each file of the image, however often it happens. */
  opaque(places: readonly Place[], why: OpaqueReason, detail: string, once?: string): void {
    for (const { file, stream } of places.slice(0, PLACES_MAX)) {
      const at = this.places.locate(file.path, stream);
      const outer = 'file' in at ? at.file : file.path;
      if (once !== undefined) {
        const word = `${outer}\0${once}`;
        if (this.told.has(word)) continue;
        this.told.add(word);
      }
      for (const run of this.reading.runs)
        if (run.wants('opaque')) void run.call((visitor) => visitor.opaque!({ at, path: outer, why, detail, digest: file.digest }));
    }
  }

  /** What keeps all archives from being opened: no rule that looks at content may then say that it has seen everything. */
  unable(reason: string): void {
    for (const run of this.reading.runs) if (run.wants('opaque')) run.unable(reason);
  }
}
