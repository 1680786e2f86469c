// The Rule contract: one check. The engine walks each image once and calls the visitors of all rules.
import type { HiveName, Image, ImageFile, ImageInfo, StoredValue } from '../image/image.ts';
import type { OptionDefs, Resolved } from '../pipeline/options.ts';
import type { Location } from './location.ts';
import type { Secret } from './secret.ts';
import type { Access } from './view.ts';
import type { views } from './views/index.ts';

export type { Location } from './location.ts';

export type Severity = 'error' | 'warning' | 'note';

/**
 * How much a finding proves about an image that was made to be copied. `certain`: no honest explanation; `strong`: an honest one is rare and can be declared;
 * `weak`: common in honest images, counts together with others; `opaque`: could not be looked at to the bottom. The profile of a run makes severities of them.
 */
export type Level = 'certain' | 'strong' | 'weak' | 'opaque';

/** What to do about a finding. */
export interface Repair {
  /** Id of the step that does it. */
  readonly step?: string;
  /** One or two sentences; Markdown. */
  readonly text: string;
}

export interface Rule<D extends OptionDefs = OptionDefs, M extends string = string> {
  /** `family/kebab`; equals the file's path below rules/. */
  readonly id: string;
  /** One line, no full stop. */
  readonly title: string;
  /** What it looks for, what it cannot tell, and where the facts come from; Markdown. */
  readonly description: string;
  /** Why a finding matters, for whoever reads the report; Markdown. */
  readonly why?: string;
  readonly repair?: Repair;
  /** The severity of its findings unless `report` says otherwise, whatever the profile: for what is wrong by itself. A rule has this or `level`. */
  readonly severity?: Severity;
  /** The level of its findings unless `levels` or `report` says otherwise: for what is evidence of something else. */
  readonly level?: Level;
  /** Messages with another level than the rule's. */
  readonly levels?: Readonly<Partial<Record<NoInfer<M>, Level>>>;
  /**
   * `less`: in a copy of a hive, which Windows does not load, a finding is weak; in a backup that it can load again (RegBack) what is certain stays strong.
   * For marks that say how a machine was activated; a secret in a copy is one all the same (default).
   */
  readonly hiveCopies?: 'less';
  readonly options: D;
  /** Text of each message; `{name}` is replaced by `data.name`. */
  readonly messages: Readonly<Record<M, string>>;
  readonly select: Select;
  /** The reason why the rule does not apply to such an image, or undefined. */
  notApplicable?(info: ImageInfo): string | undefined;
  create(ctx: RuleContext<D, M>): Visitor;
}

/** What the engine shows to a rule. Globs match without case and know `*`, `**`, `?`, `{a,b}`. */
export interface Select {
  /** Globs on the image path: files and folders that `file` gets. */
  readonly files?: readonly string[];
  /**
   * `key` gets them. `SOFTWARE\Microsoft\…`, a `*` for one key name, a final `**` for everything below (not the key itself);
   * `SYSTEM\ControlSet*` stands for each control set. Other hives by their path: `/Users/*\/NTUSER.DAT\Software\…` takes as many hives as there are;
   * a hive named without a wildcard must be there, else the rule is unable.
   */
  readonly keys?: readonly string[];
  /** How much content of the selected files `file` gets: nothing, the first 4 KiB, or all of it up to CONTENT_MAX (32 MiB). */
  readonly content?: 'none' | 'head' | 'whole';
  /** The most that `file` gets whole, in bytes; CONTENT_MAX unless given. */
  readonly contentMax?: number;
  /** What becomes of a larger file under `content: 'whole'`: the rule is unable (default), or `file` gets it with content undefined. */
  readonly large?: 'unable' | 'visit';
  /**
   * `skip`: a content that the base holds at the same path is not handed to `file`, as it is not searched for signatures. For rules that judge a content by
   * itself; one that needs it to understand others looks at all of them (default).
   */
  readonly base?: 'look' | 'skip';
  /** Names of signature files (rules/yara/NAME.yar) that are run over the content of every file; `match` gets the hits. */
  readonly signatures?: readonly string[];
  /** `keys`: 5x5 shaped text found anywhere in file content, ASCII or UTF-16LE; `text` gets the candidates. */
  readonly text?: 'product-keys';
}

/**
 * Said of a file: beside what the rule reported there is nothing in it for the rule, nor will there be as long as path, content, image facts, options and policy
 * are the same. When it reported nothing either, the verdict cache may remember that, and the rule does not get the content again.
 */
export const NOTHING = 'nothing' as const;
// biome-ignore lint/suspicious/noConfusingVoidType: a method without a result has this type.
export type Seen = typeof NOTHING | void;

/** Per-run state of a rule; each method is called in the one walk. */
export interface Visitor {
  /** `content` is undefined when `select.content` is 'none', for folders, and for what is too large under `large: 'visit'`. */
  file?(file: ImageFile, content: Uint8Array | undefined): Promise<Seen> | Seen;
  key?(key: VisitedKey): void;
  match?(match: SignatureMatch): void;
  text?(candidate: TextCandidate): void;
  /** Gets what could not be looked into to the bottom: archives that are encrypted, damaged, too deep, too large, or packed by nobody knows what. */
  opaque?(content: OpaqueContent): void;
  /** After the walk; may look at the image for what spans several files. */
  end?(image: Image): Promise<void> | void;
}

/** Why a content could not be opened. */
export type OpaqueReason = 'encrypted' | 'damaged' | 'unsupported' | 'unknown-packer' | 'too-deep' | 'too-many' | 'too-large' | 'too-slow';

export interface OpaqueContent {
  /** The archive, or the member of an archive. */
  readonly at: Location;
  /** The file of the image that holds it. */
  readonly path: string;
  readonly why: OpaqueReason;
  /** One phrase for people: `3 of 7 members are encrypted`. */
  readonly detail: string;
  readonly digest: string | undefined;
}

export interface VisitedKey {
  readonly hive: HiveName;
  /** Below the hive's root, `\` separated, stored case. */
  readonly path: string;
  /** By lower-case name. */
  readonly values: ReadonlyMap<string, StoredValue>;
}

export interface SignatureMatch {
  readonly file: ImageFile;
  readonly stream?: string;
  readonly signature: string; // file name in rules/yara without extension
  readonly rule: string; // YARA rule name
  readonly meta: Readonly<Record<string, string | number | boolean>>;
  readonly strings: readonly { readonly id: string; readonly offset: number }[];
}

export interface TextCandidate {
  readonly file: ImageFile;
  readonly stream?: string;
  readonly text: string; // upper-case, with dashes
  readonly offset: number;
  readonly encoding: 'ascii' | 'utf-16le';
  /** Up to 64 characters before it on the same line, for words like ProductKey. */
  readonly before: string;
}

/** What the user declared as true for the image; several rules need it. */
export interface LintPolicy {
  /** Allowed KMS hosts as `host` or `host:port` (port 1688 unless given). */
  readonly kmsHosts: readonly string[];
}

/** Parsed views that rules share, each read once in a run: `await ctx.views.hosts()`. The view's file says what it gives. */
export type Views = { readonly [K in keyof typeof views]: Access<(typeof views)[K]> };

export interface RuleContext<D extends OptionDefs = OptionDefs, M extends string = string> {
  readonly info: ImageInfo;
  readonly options: Resolved<D>;
  readonly policy: LintPolicy;
  readonly views: Views;
  /** The image of the same Windows in the base that the user trusts, if there is one; whoever asks closes it. */
  base(): Promise<Image | undefined>;
  report(finding: {
    readonly messageId: M;
    readonly at: Location;
    readonly data?: Readonly<Record<string, string | number | Secret>>;
    /** What was seen there, at most 80 characters of it are shown; `data` unless given. What may be a secret is given as a Secret. */
    readonly evidence?: string | Secret;
    readonly level?: Level;
    /** Under a rule with levels: what is no evidence at all, only worth a note. */
    readonly severity?: Severity;
  }): void;
  /** What the rule saw that reports show when it passed, too, such as the markers of a generalized image; one line, no secret. */
  show(text: string): void;
  /** Something that the rule had to look at could not be looked at: the rule's outcome becomes `unable`. */
  unable(reason: string): void;
}

export function defineRule<const D extends OptionDefs, const M extends string>(rule: Rule<D, M>): Rule<D, M> {
  return rule;
}
