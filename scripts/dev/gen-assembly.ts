// Compiles the inner loops to WebAssembly and writes them as text that code can import: nothing has to be found on disk at run time.
import asc from 'assemblyscript/asc';
import { repository } from './catalogue.ts';

interface Assembly {
  /** Holds `assembly/index.ts`, and gets `compiled.ts`. */
  readonly folder: string;
  readonly what: string;
  /** 64 KiB each. Memory never grows, since that would take away what lies on it. */
  readonly pages: number;
}

const ASSEMBLIES: readonly Assembly[] = [
  // All the tables, and room for what is searched where it is.
  { folder: 'formats/byte-search', what: 'The inner loops of the byte search', pages: 256 },
  // A chunk of 2 MiB as it is stored, in the order in which it is read, and decoded.
  { folder: 'formats/lzx', what: 'The decoder of LZX', pages: 101 },
];
const WIDTH = 120;

/** Paths from the repository's root, and contents. The same source gives the same bytes with the version of the compiler that the lock file names. */
export async function compiledAssemblies(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const assembly of ASSEMBLIES) files.set(`${assembly.folder}/compiled.ts`, moduleOf(assembly, await compiled(assembly)));
  return files;
}

function sourceOf({ folder }: Assembly): string {
  return `${folder}/assembly/index.ts`;
}

async function compiled(assembly: Assembly): Promise<Uint8Array> {
  const source = sourceOf(assembly);
  const pages = ['--initialMemory', '--maximumMemory'].flatMap((option) => [option, `${assembly.pages}`]);
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [source, '--baseDir', repository, '--outFile', 'out.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', ...pages],
    {
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') wasm = contents;
      },
    },
  );
  if (error || !wasm) throw new Error(`${source}: cannot be compiled (${stderr.toString().trim()})`);
  return wasm;
}

function moduleOf(assembly: Assembly, wasm: Uint8Array): string {
  const lines = Buffer.from(wasm)
    .toString('base64')
    .match(new RegExp(`.{1,${WIDTH}}`, 'g'))!;
  return `// ${assembly.what} as WebAssembly in Base64; written by \`npm run gen\` from ${sourceOf(assembly)}, do not edit.
export const COMPILED =
  ${lines.map((line) => `'${line}'`).join(' +\n  ')};
`;
}
