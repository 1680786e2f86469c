// What a lint run says: outcomes of the rules, findings, verdict. Reports print it; nothing in it is a secret.
import type { ContainerId, ImageInfo } from '../image/image.ts';
import type { Location } from './location.ts';
import type { Level, Repair, Severity } from './rule.ts';

/**
 * A certain sign of a forged activation that a step took away. It stays a finding of `rule`, and holds the verdict at `undecided` until an
 * allowlist entry covers it: what the sign stood for may still be in the licence store, which nobody can read.
 */
export interface Trace {
  readonly rule: string;
  readonly at: Location;
  readonly message: string;
}

export type Verdict = 'accepted' | 'rejected' | 'undecided';

export interface Finding {
  readonly rule: string;
  readonly messageId: string;
  readonly severity: Severity;
  /** Absent when the finding is wrong by itself and no evidence of something else. */
  readonly level?: Level;
  readonly message: string;
  readonly at: Location;
  /** What was seen there: one line, at most 80 characters, secrets masked. */
  readonly evidence: string;
  readonly why?: string;
  readonly repair?: Repair;
  /** Present when it was weak by itself: what it stands beside, and why the two weigh more together. */
  readonly raised?: string;
  /** The same for the same finding tomorrow: made from rule, messageId and location without offsets and lines. */
  readonly fingerprint: string;
  /** Of a certain finding: SHA-256 of the content that it stands on, computed here. An exception names it. */
  readonly sha256?: string;
  /** Present when an allowlist entry covers it. */
  readonly allowed?: { readonly reason: string; readonly until?: string };
}

/** `failed`: an error or a warning was found (notes alone pass). `unable` wins over both; findings that were made all the same stand. */
export type RuleOutcome = {
  readonly rule: string;
  /** What the rule saw that a reader wants to know when it passed, too; one line. */
  readonly shows?: string;
} & (
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'notApplicable'; readonly reason: string }
  | {
      readonly outcome: 'unable';
      readonly reason: string /** What the rule threw, not enumerable: for --debug, never for a report. */;
      readonly cause?: unknown;
    }
);

/** What each level of evidence weighs in a run; `certain` is an error in every one. */
export interface Profile {
  readonly id: string;
  readonly strong: Severity;
  readonly weak: Severity;
  readonly opaque: Severity;
}

export interface ImageResult {
  readonly info: ImageInfo;
  readonly verdict: Verdict;
  readonly outcomes: readonly RuleOutcome[];
  readonly findings: readonly Finding[];
}

/** One exception by the user: by place, or by content where a finding is certain. */
export interface AllowlistEntry {
  readonly rule: string;
  /** A glob on the location's text (`/Windows/…`, `SOFTWARE\\…`). */
  readonly at?: string;
  /** `sha256` of the finding. An entry with it needs an end date. */
  readonly sha256?: string;
  readonly reason: string;
  readonly until?: string; // YYYY-MM-DD, the last day on which it holds
}

export interface Contents {
  readonly blobs: number;
  readonly bytes: number;
}

export interface LintResult {
  readonly container: { readonly path: string; readonly format: ContainerId };
  readonly profile: Profile;
  readonly verdict: Verdict; // the worst of its images
  readonly images: readonly ImageResult[];
  readonly allowlist: {
    readonly unused: readonly AllowlistEntry[];
    readonly expired: readonly AllowlistEntry[];
    /** They stand for a certain finding by its place alone, or without an end date: they cover nothing. */
    readonly insufficient: readonly AllowlistEntry[];
  };
  readonly stats: {
    readonly files: number;
    readonly blobs: number;
    readonly bytesScanned: number;
    readonly bytesSkipped: number;
    /** Contents that were not scanned, since their stored bytes are those of the base at the same path. */
    readonly ofBase?: Contents;
    /** Contents that were not scanned, since nothing was found in the same stored bytes before. */
    readonly cached?: Contents;
    /** Signature files that had to look at every byte, since some of their rules hold no text to look for first. */
    readonly slowSignatures?: readonly string[];
    /** What those took, in seconds of a core, however many of them worked at a time. */
    readonly slowSeconds?: number;
    /** What the user asked for and did not get: a base of which nothing is trusted, a cache that is not used. */
    readonly notes?: readonly string[];
    /** Archives inside the images that were opened, what was in them, and the part of `seconds` that this took; absent when they stayed closed. */
    readonly archives?: { readonly opened: number; readonly members: number; readonly bytes: number; readonly seconds: number };
    readonly seconds: number;
  };
}
