// Compiles the inner loops of the byte search to WebAssembly and writes them as text that code can import: nothing has to be found on disk at run time.
import asc from 'assemblyscript/asc';
import { repository } from './catalogue.ts';

const SOURCE = 'formats/byte-search/assembly/index.ts';
const COMPILED = 'formats/byte-search/compiled.ts';
/** 64 KiB each: all the tables, and room for what is searched where it is. It never grows, since that would take away what lies on it. */
const PAGES = 256;
const WIDTH = 120;

/** Path from the repository's root and content. The same source gives the same bytes with the version of the compiler that the lock file names. */
export async function compiledSearch(): Promise<readonly [path: string, content: string]> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [SOURCE, '--baseDir', repository, '--outFile', 'search.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'].concat(
      ['--initialMemory', '--maximumMemory'].flatMap((option) => [option, `${PAGES}`]),
    ),
    {
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') wasm = contents;
      },
    },
  );
  if (error || !wasm) throw new Error(`${SOURCE}: cannot be compiled (${stderr.toString().trim()})`);
  const lines = Buffer.from(wasm)
    .toString('base64')
    .match(new RegExp(`.{1,${WIDTH}}`, 'g'))!;
  return [
    COMPILED,
    `// The inner loops of the byte search as WebAssembly in Base64; written by \`npm run gen\` from ${SOURCE}, do not edit.
export const COMPILED =
  ${lines.map((line) => `'${line}'`).join(' +\n  ')};
`,
  ];
}
