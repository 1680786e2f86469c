// The signature files of a run, compiled once: one scanner for all of them where their rule names allow it.
import { readFile } from 'node:fs/promises';
import { WtgforgeError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { requiredTexts } from '../formats/yara/required.ts';
import { compileYara, type YaraHit, yaraCompiler } from '../tools/yara.ts';
import { Prefilter } from './prefilter.ts';

export interface SignatureHit extends YaraHit {
  readonly signature: string;
}

export interface Signatures {
  /** True when there is nothing to scan with. */
  readonly empty: boolean;
  /** Why a signature file could not be used. */
  readonly unusable: ReadonlyMap<string, string>;
  /** The files in use and what is in them. */
  readonly texts: ReadonlyMap<string, string>;
  /** What each of them needs of a content; worked out once, since it takes longer than to compile them. */
  readonly needs: ReadonlyMap<string, TextNeeds>;
  /** Finds where something stands that a signature may match; what it does not find, only those of `slow` can match. */
  readonly prefilter: Prefilter;
  /** Files that have to look at every content, and the rules for which no text was found that every match holds. */
  readonly slow: ReadonlyMap<string, readonly string[]>;
  /** Compiles what waits for the first scan: for whoever has to wait anyway. */
  prepare(): void;
  /** All files, where the prefilter found something. */
  scan(data: Uint8Array): readonly SignatureHit[];
  /** Milliseconds that the files of `slow` took so far: what they cost beyond the others. */
  slowMs(): number;
  /** Those of `slow` alone: what is left to do where the prefilter found nothing. */
  scanSlow(data: Uint8Array): readonly SignatureHit[];
}

/** The texts one of which stands wherever a rule of the source matches, and the rules that have none. */
export interface TextNeeds {
  readonly forms: readonly Uint8Array[];
  readonly without: readonly string[];
}

/** Gives the text of a signature file by its name. */
export type SignatureSource = (name: string) => Promise<string>;

export const shippedSignatures: SignatureSource = (name) => readFile(new URL(`../rules/yara/${name}.yar`, import.meta.url), 'utf8');

/** The shipped files and others beside them. */
export function sourceOf(own: ReadonlyMap<string, string> = new Map()): SignatureSource {
  if (own.size === 0) return shippedSignatures;
  return async (name) => own.get(name) ?? shippedSignatures(name);
}

interface Pack {
  readonly names: readonly string[];
  readonly text: string;
  readonly owner: ReadonlyMap<string, string>; // YARA rule → signature
}

/** Compiles the files. One that is missing or wrong is unusable by itself and takes no other with it. */
export async function loadSignatures(
  names: readonly string[],
  source: SignatureSource = shippedSignatures,
  known: Signatures['needs'] = new Map(),
): Promise<Signatures> {
  const unusable = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const name of [...new Set(names)].sort()) {
    await orUnusable(unusable, name, async () => void texts.set(name, await sourceText(name, source)));
  }
  try {
    // Those that come with the program are known to compile: that waits until something is scanned, which may be in other processes alone.
    return await compiled(texts, unusable, known, source === shippedSignatures ? 'late' : 'now');
  } catch (error) {
    if (!(error instanceof WtgforgeError)) throw error;
  }
  // Each alone, so that a fault is said of the right file.
  const sound = new Map<string, string>();
  for (const [name, text] of texts) {
    await orUnusable(unusable, name, async () => {
      await compileYara(text, `${name}.yar`);
      sound.set(name, text);
    });
  }
  return compiled(sound, unusable, known, 'now');
}

async function orUnusable(unusable: Map<string, string>, name: string, use: () => Promise<void>): Promise<void> {
  try {
    await use();
  } catch (error) {
    if (!(error instanceof WtgforgeError)) throw error;
    unusable.set(name, error.message);
  }
}

async function compiled(
  texts: ReadonlyMap<string, string>,
  unusable: ReadonlyMap<string, string>,
  known: Signatures['needs'],
  when: 'now' | 'late',
): Promise<Signatures> {
  const needs = new Map([...texts].map(([name, text]) => [name, known.get(name) ?? textsOf(text)]));
  const slow = new Map<string, readonly string[]>();
  const forms: Uint8Array[] = [];
  const [gated, ungated]: [Pack[], Pack[]] = [[], []];
  for (const [name, text] of texts) {
    const wanted = needs.get(name)!;
    if (wanted.without.length > 0) slow.set(name, wanted.without);
    else forms.push(...wanted.forms);
    addTo(wanted.without.length > 0 ? ungated : gated, name, text);
  }
  const prefilter = new Prefilter(forms);
  const [quick, all] = [await scannerOf(gated, when), await scannerOf(ungated, when)];
  let slowMs = 0;
  const always: Signatures['scan'] = (data) => {
    if (slow.size === 0) return [];
    const started = performance.now();
    try {
      return all.scan(data);
    } finally {
      slowMs += performance.now() - started;
    }
  };
  return {
    empty: texts.size === 0,
    unusable,
    texts,
    needs,
    prefilter,
    slow,
    prepare: () => {
      for (const scanner of [quick, all]) scanner.prepare();
    },
    scan: (data) => [...quick.scan(data), ...always(data)],
    slowMs: () => slowMs,
    scanSlow: always,
  };
}

/** Works out what a source needs; one that is not understood needs nothing, and so looks at everything. */
export function textsOf(source: string): TextNeeds {
  try {
    const rules = [...requiredTexts(source).byRule];
    return {
      forms: rules.flatMap(([, literals]) => literals?.forms ?? []),
      without: rules.filter(([, literals]) => !literals).map(([rule]) => rule),
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { forms: [], without: ['(not understood)', ...ruleNames(source)] };
  }
}

async function scannerOf(packs: readonly Pack[], when: 'now' | 'late'): Promise<Pick<Signatures, 'prepare' | 'scan'>> {
  const compile = await yaraCompiler();
  const made = () => packs.map(({ text, owner, names }) => ({ scanner: compile(text, names.join(' + ')), owner }));
  let scanners = when === 'now' ? made() : undefined;
  const all = () => {
    scanners ??= made();
    return scanners;
  };
  return {
    prepare: () => void all(),
    scan: (data) => all().flatMap(({ scanner, owner }) => scanner.scan(data).map((hit) => ({ ...hit, signature: owner.get(hit.rule)! }))),
  };
}

async function sourceText(name: string, source: SignatureSource): Promise<string> {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    throw new WtgforgeError('SIGNATURE_NAME', `${JSON.stringify(name)}: is not the name of a signature file`);
  try {
    return await source(name);
  } catch (cause) {
    throw new WtgforgeError('SIGNATURE_ABSENT', `${name}.yar: cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause,
    });
  }
}

/** Two files may both have a private rule `program`: they go to different scanners, since one name can stand only once. */
function addTo(packs: Pack[], name: string, text: string): void {
  const rules = ruleNames(text);
  const at = packs.findIndex(({ owner }) => rules.every((rule) => !owner.has(rule)));
  const pack = packs[at] ?? { names: [], text: '', owner: new Map<string, string>() };
  const grown = {
    names: [...pack.names, name],
    text: `${pack.text}\n${text}\n`,
    owner: new Map([...pack.owner, ...rules.map((rule) => [rule, name] as const)]),
  };
  if (at >= 0) packs[at] = grown;
  else packs.push(grown);
}

/** Names that a source declares. Comments, texts and expressions may hold the word `rule`; a name too many only costs a second scanner. */
export function ruleNames(text: string): readonly string[] {
  return [...text.matchAll(/\brule(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)+([A-Za-z_]\w*)/g)].map((match) => match[1]!);
}
