// YARA-X as a native add-on inside this process: compiles signature sources and scans buffers.
import type { YaraX } from '@litko/yara-x';
import { ToolError } from '../errors.ts';
import { bufferOf } from '../formats/bytes.ts';

export interface YaraHit {
  readonly rule: string;
  /** Text and numbers. The add-on gives the text 'unknown' for every boolean, so signatures use text instead. */
  readonly meta: Readonly<Record<string, string | number | boolean>>;
  readonly strings: readonly { readonly id: string; readonly offset: number; readonly length: number }[];
}

export interface YaraScanner {
  scan(data: Uint8Array): readonly YaraHit[];
}

/** Matches of one pattern that are kept: every match becomes an object, and a file of one letter would bring millions. */
const MATCHES_MAX = 100;

type Addon = Pick<typeof import('@litko/yara-x'), 'compile'>;

/** Compiles one source. @throws ToolError YARA_SOURCE when it does not compile. */
export type YaraCompiler = (source: string, name: string) => YaraScanner;

/** @throws ToolError YARA_MISSING when there is no add-on for this machine. */
export async function yaraCompiler(): Promise<YaraCompiler> {
  const { compile } = await loadAddon();
  return (source, name) => {
    let compiled: YaraX;
    try {
      // Without includes a source cannot read other files of this machine.
      compiled = compile(source, { enableIncludes: false }) as unknown as YaraX;
      compiled.setMaxMatchesPerPattern(MATCHES_MAX);
    } catch (cause) {
      throw new ToolError('YARA_SOURCE', `${name}: does not compile (${faultText(cause)})`, {
        hint: 'Correct the signature file; --debug shows the whole message of the compiler.',
        cause,
      });
    }
    return { scan: (data) => compiled.scan(bufferOf(data)).map(hitOf) };
  };
}

/** @throws ToolError YARA_MISSING, YARA_SOURCE */
export async function compileYara(source: string, name: string): Promise<YaraScanner> {
  const compile = await yaraCompiler();
  return compile(source, name);
}

async function loadAddon(): Promise<Addon> {
  try {
    const loaded = (await import('@litko/yara-x')) as Addon & { default?: Addon };
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new ToolError('YARA_MISSING', `@litko/yara-x: cannot be loaded on ${process.platform}-${process.arch}`, {
      hint: 'Install the dependencies again; the add-on is there for Linux (x64, glibc) and macOS.',
      cause,
    });
  }
}

function hitOf({ ruleIdentifier, meta, matches }: ReturnType<YaraX['scan']>[number]): YaraHit {
  return {
    rule: ruleIdentifier,
    meta: meta as YaraHit['meta'],
    strings: matches.map(({ identifier, offset, length }) => ({ id: identifier, offset, length })),
  };
}

/** `line 3: E025 unknown pattern `$b``: what the compiler says on the first line, with the line that it names below. */
function faultText(error: unknown): string {
  const said = String(error instanceof Error ? error.message : error);
  const [first] = said.split('\n');
  const what = first!.replace(/^Compilation error \((\w+)\): error\[\w+\]: /, '$1 ');
  const line = /^ *--> line:(\d+):/m.exec(said)?.[1];
  return line === undefined ? what : `line ${line}: ${what}`;
}
