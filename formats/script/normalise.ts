// A script in plain form, as rules search it: layers of text, what hides in it decoded, each with its place in the file.
import { FormatError } from '../bytes.ts';
import { plainBatch } from './batch.ts';
import { decodeScript, type ScriptEncoding } from './decode.ts';
import { type Carried, carriedIn } from './embedded.ts';
import { MappedText } from './mapped.ts';
import { plainPowerShell } from './powershell.ts';
import { plainJscript, plainVbscript } from './wsh.ts';

export type ScriptLanguage = 'batch' | 'powershell' | 'vbscript' | 'jscript' | 'unknown';

export interface ScriptLayer {
  readonly language: ScriptLanguage;
  readonly text: string;
  /** How it was made from the file: `utf-16le`, `batch`, `encoded command`, … */
  readonly made: readonly string[];
  /** Offset in the file of the character at `index`; inside of a coded text the offset of that. */
  at(index: number): number;
}

export interface PlainScript {
  readonly language: ScriptLanguage;
  readonly encoding: ScriptEncoding;
  readonly layers: readonly ScriptLayer[];
  /** Programs, archives and cabinets that the script carries, with its coded texts. */
  readonly carried: readonly Carried[];
  /** Variables that vanish in the middle of a word, in all layers. */
  readonly splits: number;
  /** What was not looked at to its end, with the reason. */
  readonly faults: readonly string[];
}

/** Larger than any script that a person or a tool wrote; a self-extracting one of 10 MB is known. */
export const SCRIPT_MAX_BYTES = 32 * 1024 * 1024;
/** Coded texts in coded texts that are followed. */
const DEPTH_MAX = 5;
const LAYERS_MAX = 128;

interface Job {
  readonly bytes: Uint8Array;
  readonly language: ScriptLanguage;
  readonly made: readonly string[];
  /** The place of the coded text that this was decoded from. */
  readonly offset: number | undefined;
}

/**
 * Decodes, undoes what hides the words of a script, and follows what it carries.
 * @throws FormatError when the script is larger than SCRIPT_MAX_BYTES. What cannot be followed is one of `faults`.
 */
export function normaliseScript(bytes: Uint8Array, language: ScriptLanguage): PlainScript {
  if (bytes.length > SCRIPT_MAX_BYTES) throw new FormatError('script', `is too large (${bytes.length} bytes, at most ${SCRIPT_MAX_BYTES})`);
  const layers: ScriptLayer[] = [];
  const carried: Carried[] = [];
  const faults = new Set<string>();
  let splits = 0;
  const open: Job[] = [{ bytes, language, made: [], offset: undefined }];
  for (let job = open.shift(); job; job = open.shift()) {
    const { encoding, text } = decodeScript(job.bytes);
    const placed = job.offset === undefined ? text : new MappedText(text.text, [{ start: 0, offset: job.offset, step: 0 }]);
    for (const { language: own, source, splits: found, fault } of formsOf(placed, job.language)) {
      if (layers.length >= LAYERS_MAX) {
        faults.add(`holds more than ${LAYERS_MAX} texts in one another`);
        break;
      }
      splits += found;
      if (fault) faults.add(fault);
      const made = own === 'unknown' ? [...job.made, encoding] : [...job.made, encoding, own];
      layers.push({ language: own, text: source.text, made, at: (index) => source.at(index) });
      const { carried: here, flooded } = withinReach(() => carriedIn(source), faults) ?? { carried: [], flooded: false };
      if (flooded) faults.add('carries more coded texts than are looked at');
      for (const one of here) {
        if (carried.some((known) => isSame(known, one))) continue;
        carried.push(one);
        if (one.fault) faults.add(`carries a coded text that ${one.fault}`);
        if (one.kind !== 'text') continue;
        if (job.made.length >= DEPTH_MAX) faults.add(`holds coded texts more than ${DEPTH_MAX} levels deep`);
        else open.push({ bytes: one.bytes, language: 'powershell', made: [...job.made, one.coding], offset: one.offset });
      }
    }
  }
  return { language, encoding: decodeScript(bytes.subarray(0, 65_536)).encoding, layers, carried, splits, faults: [...faults] };
}

/** A command line or another text of a few lines, such as a task's arguments, in plain form. */
export function normaliseCommand(text: string): PlainScript {
  return normaliseScript(new TextEncoder().encode(text), 'unknown');
}

interface PlainForm {
  readonly language: ScriptLanguage;
  readonly source: MappedText;
  readonly splits: number;
  readonly fault: string | undefined;
}

/** The text as it is where it cannot be undone. */
function formsOf(text: MappedText, language: ScriptLanguage): readonly PlainForm[] {
  const faults = new Set<string>();
  const forms = withinReach(() => plainForms(text, language), faults);
  return forms ?? [{ language: 'unknown', source: text, splits: 0, fault: [...faults].join('; ') }];
}

/** What it gives; undefined with a fault when the text is made so that no expression can be followed to its end (they have a stack of their own). */
function withinReach<T>(look: () => T, faults: Set<string>): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof FormatError) faults.add(error.message);
    else if (error instanceof RangeError) faults.add('holds a text that is too long to be undone');
    else throw error;
    return undefined;
  }
}

/** A batch file may call PowerShell or be one as well; what has no known language is read in both ways. */
function plainForms(text: MappedText, language: ScriptLanguage): readonly PlainForm[] {
  const plain = (own: ScriptLanguage, source: MappedText): PlainForm => ({ language: own, source, splits: 0, fault: undefined });
  switch (language) {
    case 'powershell':
      return [plain('powershell', plainPowerShell(text))];
    case 'vbscript':
      return [plain('vbscript', plainVbscript(text))];
    case 'jscript':
      return [plain('jscript', plainJscript(text))];
    case 'batch':
    case 'unknown': {
      const { text: source, splits, fault } = plainBatch(text);
      const forms: PlainForm[] = [{ language: 'batch', source, splits, fault }];
      const mixed = /powershell|pwsh|\$\w+\s*=|\biex\b|invoke-/i.test(source.text);
      if (language === 'unknown' || mixed) forms.push(plain('powershell', plainPowerShell(text)));
      // What PowerShell gets from a batch file has gone through cmd.exe before.
      if (mixed && source !== text) forms.push(plain('powershell', plainPowerShell(source)));
      return forms;
    }
    default:
      return language satisfies never;
  }
}

/** A program is one program, whether it is seen as the argument of a call or as a long run of letters. */
function isSame(a: Carried, b: Carried): boolean {
  if (a.coding !== b.coding || (a.offset !== b.offset && (b.kind === 'text' || b.bytes.length === 0))) return false;
  return sameBytes(a.bytes, b.bytes);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
