// One rule in one run over one image: its visitor, what it reported, and whether it could look at everything.
import { WtgforgeError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { isHiveBackup, isHiveCopy } from '../image/hive-path.ts';
import type { Image, ImageFile, ImageInfo } from '../image/image.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Location, locationText } from './location.ts';
import { renderMessage } from './message.ts';
import { RELEASE, severityAt, severityOfRule } from './profile.ts';
import type { Finding, Profile, RuleOutcome } from './result.ts';
import { type Level, type LintPolicy, NOTHING, type Rule, type RuleContext, type Seen, type Visitor } from './rule.ts';
import type { ViewStore } from './view.ts';
import { views } from './views/index.ts';

/** A rule that reports more has gone wrong or looks at an image made to flood the report. */
const FINDINGS_MAX = 10_000;
/** Characters of what a rule shows. */
const SHOWN_MAX = 500;
/** Reasons that are shown; the rest is counted. */
const REASONS_SHOWN = 3;

/** One call of a rule may wait so long: the longest of ours, which follow chains of scripts over a whole image, take seconds. */
const CALL_SECONDS_MAX = 600;

/** Paths that are none of the image, and what they stand for. */
export interface Places {
  get(path: string): Location | undefined;
}

export interface RuleSetting {
  readonly policy: LintPolicy;
  /** `release` unless given. */
  readonly profile?: Profile;
  readonly options: Readonly<Record<string, unknown>>;
  readonly info: ImageInfo;
  /** Where a content without a path of its own really is: rules name it by the file they were given. */
  readonly places: Places;
  /** Of the base that the user trusts, asked for by few rules; none unless given. */
  readonly base?: () => Promise<Image | undefined>;
  /** Shared by all rules of the run. */
  readonly store: ViewStore;
  /** Seconds that one call may wait, instead of the usual ones. A loop that never waits is ended by the command line (`cli/stall.ts`). */
  readonly callSeconds?: number;
}

export class RuleRun {
  readonly rule: Rule;
  readonly findings: Finding[] = [];
  readonly notApplicable: string | undefined;
  private visitor: Visitor | undefined;
  private readonly reasons = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly places: Places;
  private readonly profile: Profile;
  private readonly callSeconds: number;
  private readonly pending = new Set<Promise<void>>();
  private shown: string | undefined;
  private cause: unknown;
  /** How often the rule reported or was unable, repetitions included. */
  private said = 0;

  constructor(rule: Rule, setting: RuleSetting) {
    this.rule = rule;
    this.places = setting.places;
    this.profile = setting.profile ?? RELEASE;
    this.callSeconds = setting.callSeconds ?? CALL_SECONDS_MAX;
    const { info, options, policy } = setting;
    const unable = (reason: string) => this.unable(reason);
    const opened = setting.store.open(views, unable);
    const ctx = {
      info,
      options,
      policy,
      views: opened,
      base: setting.base ?? (async () => undefined),
      report: (found) => this.report(found),
      show: (text) => this.show(text),
      unable,
    } as RuleContext;
    try {
      this.notApplicable = rule.notApplicable?.(info);
      if (this.notApplicable === undefined) this.visitor = rule.create(ctx);
    } catch (error) {
      this.crash(error);
    }
  }

  /** True while the rule looks at the image: it applies and has not thrown. */
  get active(): boolean {
    return this.visitor !== undefined;
  }

  wants(method: keyof Visitor): boolean {
    return this.visitor?.[method] !== undefined;
  }

  /** Calls the visitor; a rule that throws, or waits for what never comes, is out for the rest of the image, the others go on. */
  call(use: (visitor: Visitor) => Promise<unknown> | unknown): Promise<void> | undefined {
    if (!this.visitor) return undefined;
    try {
      const result = use(this.visitor);
      if (!(result instanceof Promise)) return undefined;
      const settled: Promise<void> = this.within(result)
        .then(
          () => {},
          (error) => this.crash(error),
        )
        .finally(() => this.pending.delete(settled));
      this.pending.add(settled);
      return settled;
    } catch (error) {
      this.crash(error);
      return undefined;
    }
  }

  /** Hands a file to the rule. True when the rule said that there is nothing in it, and said nothing else. */
  async look(file: ImageFile, content: Uint8Array | undefined): Promise<boolean> {
    const before = this.said;
    let seen: Seen | undefined;
    await this.call((visitor) => {
      const keep = (answer: Seen) => {
        seen = answer;
      };
      try {
        const answer = visitor.file!(file, content);
        return answer instanceof Promise ? answer.then(keep, (error) => this.unreadable(file, error)) : keep(answer);
      } catch (error) {
        return this.unreadable(file, error);
      }
    });
    return seen === NOTHING && this.said === before;
  }

  /** A content that cannot be parsed is no fault of the rule, which goes on with the next file. */
  private unreadable(file: ImageFile, error: unknown): void {
    if (!(error instanceof FormatError)) throw error;
    this.unable(`${file.path}: ${error.message}`);
  }

  private within(call: Promise<unknown>): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.visitor = undefined;
        this.unable(`did not come back within ${this.callSeconds} seconds`);
        resolve();
      }, this.callSeconds * 1000);
    });
    return Promise.race([call, limit]).finally(() => clearTimeout(timer));
  }

  /** After the last call: a method that the contract calls without waiting may be async all the same. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  unable(reason: string): void {
    this.said++;
    this.reasons.add(reason);
  }

  outcome(): RuleOutcome {
    const about = { rule: this.rule.id, ...(this.shown === undefined ? {} : { shows: this.shown }) };
    if (this.reasons.size > 0) {
      const shown = [...this.reasons].slice(0, REASONS_SHOWN).join('; ');
      const more = this.reasons.size - REASONS_SHOWN;
      const outcome = { ...about, outcome: 'unable' as const, reason: more > 0 ? `${shown}; and ${more} more` : shown };
      // Not enumerable: what a rule threw may hold content of the image, and no report may print that by accident.
      return this.cause === undefined ? outcome : Object.defineProperty(outcome, 'cause', { value: this.cause });
    }
    if (this.notApplicable !== undefined) return { ...about, outcome: 'notApplicable', reason: this.notApplicable };
    const failed = this.findings.some(({ severity }) => severity !== 'note');
    return { ...about, outcome: failed ? 'failed' : 'passed' };
  }

  private show(text: string): void {
    this.shown = text.slice(0, SHOWN_MAX).replace(/\s+/g, ' ');
  }

  private report({ messageId, at, data, evidence, level, severity }: Parameters<RuleContext['report']>[0]): void {
    const { id, messages, why, repair } = this.rule;
    const template = messages[messageId];
    if (template === undefined) throw new Error(`there is no message "${messageId}"`);
    this.said++;
    const place = this.placeOf(at);
    const message = renderMessage(template, data);
    const twin = JSON.stringify([messageId, place, message]);
    if (this.seen.has(twin)) return;
    if (this.findings.length >= FINDINGS_MAX) {
      this.unable(`there are more than ${FINDINGS_MAX} findings`);
      return;
    }
    this.seen.add(twin);
    this.findings.push({
      rule: id,
      messageId,
      ...this.weightOf(messageId, at, level, severity),
      message,
      at: place,
      evidence: evidenceOf(evidence, data, place),
      ...(why === undefined ? {} : { why }),
      ...(repair === undefined ? {} : { repair }),
      fingerprint: fingerprintOf(id, messageId, place),
    });
  }

  /** A severity said outright stands by itself; else the level that is nearest to the finding, weighed by the profile. */
  private weightOf(
    messageId: string,
    at: Location,
    level: Level | undefined,
    severity: Finding['severity'] | undefined,
  ): Pick<Finding, 'severity' | 'level'> {
    if (severity !== undefined) return { severity };
    const full = level ?? this.rule.levels?.[messageId] ?? this.rule.level;
    const own = full !== undefined && this.rule.hiveCopies === 'less' ? levelInCopy(full, at) : full;
    return own === undefined
      ? { severity: severityOfRule(this.rule, this.profile) }
      : { severity: severityAt(own, this.profile), level: own };
  }

  private placeOf(at: Location): Location {
    if (!('file' in at)) return at;
    const place = this.places.get(at.file);
    if (!place) return at;
    const { file: _, stream, inside = [], partition: __, ...spot } = at;
    const names = [...(place.inside ?? []), ...inside];
    // A stream of a file in a nested image.
    if (stream !== undefined) names.push(`${names.pop() ?? ''}:${stream}`);
    return { ...place, ...spot, ...(names.length > 0 ? { inside: names } : {}) };
  }

  private crash(error: unknown): void {
    this.visitor = undefined;
    this.cause ??= error;
    // The message of any other error may quote what the rule was reading (JSON.parse does), so only its kind is said.
    const kind = error instanceof Error ? error.name : typeof error;
    this.unable(error instanceof WtgforgeError ? error.message : `crashed: ${kind} thrown by the rule`);
  }
}

/** An earlier installation is past; a backup is what recovery loads. */
function levelInCopy(level: Level, at: Location): Level {
  if (!('hive' in at) || !isHiveCopy(at.hive)) return level;
  return level === 'certain' && isHiveBackup(at.hive) ? 'strong' : 'weak';
}

const SEVERITIES = { error: 0, warning: 1, note: 2 } as const;
/** What is wrong by itself stands beside what is certain. */
const LEVELS = { certain: 0, strong: 1, opaque: 2, weak: 3 } as const;

/** Worst first, then by rule, place and message: the same order whatever order the container was read in. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const keyed = findings.map((finding) => ({ finding, text: locationText(finding.at), spot: spotOf(finding.at) }));
  keyed.sort(
    (a, b) =>
      SEVERITIES[a.finding.severity] - SEVERITIES[b.finding.severity] ||
      LEVELS[a.finding.level ?? 'certain'] - LEVELS[b.finding.level ?? 'certain'] ||
      compare(a.finding.rule, b.finding.rule) ||
      compare(a.text, b.text) ||
      a.spot - b.spot ||
      compare(a.finding.messageId, b.finding.messageId) ||
      compare(a.finding.message, b.finding.message),
  );
  return keyed.map(({ finding }) => finding);
}

function spotOf(at: Location): number {
  if ('line' in at && at.line !== undefined) return at.line;
  return 'offset' in at && at.offset !== undefined ? at.offset : -1;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
