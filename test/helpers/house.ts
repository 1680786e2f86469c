// The house rules as functions: each takes the repository's files and gives back its faults, every fault with the file and the repair.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { basename } from 'node:path/posix';

/** Text files by path from the repository's root. */
export type Tree = ReadonlyMap<string, string>;

const IGNORED = /^(?:\.git|node_modules|dist|out|\.cache|test\/report\/expected)(?:\/|$)/;
const TEXT = /\.(?:ts|md|json|sh|yar|ps1|cmd|reg|xml|txt|yml)$|^(?:LICENSE|\.ci\/.*|\.gitignore)$/;

export function readTree(root: string, folder = ''): Map<string, string> {
  const tree = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (IGNORED.test(path)) continue;
    if (entry.isDirectory()) for (const [below, text] of readTree(root, path)) tree.set(below, text);
    else if (entry.isFile() && TEXT.test(path)) tree.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return tree;
}

const PRODUCT = ['cli', 'pipeline', 'lint', 'report', 'steps', 'rules', 'image', 'unattend', 'tools', 'formats'] as const;
type Folder = (typeof PRODUCT)[number];

/** Which folders a folder may import from, beside itself, errors.ts and the contracts. */
const ARROWS: Readonly<Record<Folder, readonly Folder[]>> = {
  cli: ['pipeline', 'lint', 'report', 'steps', 'rules', 'image', 'unattend', 'tools', 'formats'],
  pipeline: ['lint', 'steps', 'rules', 'image', 'unattend', 'tools', 'formats'],
  lint: ['steps', 'rules', 'image', 'unattend', 'tools', 'formats'],
  report: ['lint', 'steps', 'rules', 'image', 'unattend', 'tools', 'formats'],
  steps: ['image', 'unattend', 'tools', 'formats'],
  rules: ['image', 'unattend', 'tools', 'formats'],
  image: ['tools', 'formats'],
  unattend: ['formats'],
  tools: ['formats'],
  formats: [],
};

/** The contracts: everybody may import them. */
const CONTRACTS = [
  'pipeline/step.ts',
  'pipeline/options.ts',
  'lint/rule.ts',
  'lint/secret.ts',
  'lint/result.ts',
  'lint/carrier.ts',
  'lint/script-judgement.ts',
  'lint/script-purpose.ts',
];

/** It hands the running instance of the public API to the config file, when it loads one: the one arrow that goes up. */
const LOADER = { path: 'pipeline/load-config.ts', target: 'index.ts' };

const folderOf = (path: string) => path.slice(0, Math.max(0, path.indexOf('/')));
const isProduct = (folder: string): folder is Folder => (PRODUCT as readonly string[]).includes(folder);
const sources = (tree: Tree) => [...tree].filter(([path]) => path.endsWith('.ts'));
const productSources = (tree: Tree) => sources(tree).filter(([path]) => isProduct(folderOf(path)));

/** Arrows only go down; a step never imports a step, a rule never a rule. */
export function arrowFaults(tree: Tree): readonly string[] {
  return productSources(tree).flatMap(([path, text]) => {
    const from = folderOf(path) as Folder;
    return targetsOf(path, text).flatMap((target) => {
      const to = folderOf(target);
      if (target === 'errors.ts' || CONTRACTS.includes(target) || (path === LOADER.path && target === LOADER.target)) return [];
      if (to === from && (from === 'steps' || from === 'rules')) {
        if (path === `${from}/index.ts`) return [];
        return [`${path}: imports ${target}; move what both need below ${from}/ (image/, unattend/ or formats/)`];
      }
      if (to === from || (isProduct(to) && ARROWS[from].includes(to))) return [];
      return [
        `${path}: imports ${target}, but ${from}/ may import only ${[...ARROWS[from], 'errors.ts', 'the contracts'].join(', ')}; turn the arrow round`,
      ];
    });
  });
}

interface Reserve {
  readonly what: string;
  readonly found: (code: string, imports: readonly string[]) => boolean;
  /** Folders that may (`in`), or may not (`notIn`), have it. */
  readonly in?: readonly string[];
  readonly notIn?: readonly string[];
  readonly repair: string;
}

const RESERVED: readonly Reserve[] = [
  {
    what: 'child_process, zx or node-7z',
    found: (_, imports) => imports.some((name) => /^(?:node:child_process|child_process|zx|zx\/.*|node-7z)$/.test(name)),
    in: ['tools', 'scripts', 'test'],
    repair: 'start the program from a file in tools/',
  },
  {
    what: 'console',
    found: (code) => /(?<![.\w])console\s*\./.test(code),
    in: ['cli', 'scripts', 'test'],
    repair: 'hand the text to the caller; only cli/ prints',
  },
  {
    what: 'process.stdout, process.stderr or the exit code',
    found: (code) => /\bprocess\.(?:stdout|stderr|exit|exitCode)\b/.test(code),
    in: ['cli', 'scripts', 'test'],
    repair: 'return or throw; only cli/ prints and sets the exit code',
  },
  {
    what: 'the file system',
    found: (_, imports) => imports.some((name) => /^(?:(?:node:)?(?:fs|fs\/promises|os)|fs-extra)$/.test(name)),
    notIn: ['formats', 'unattend'],
    repair: 'take bytes as an argument; formats/ and unattend/ are pure',
  },
  {
    what: 'process, the clock or chance',
    found: (code, imports) => imports.includes('node:process') || /\bprocess\.\w|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(code),
    notIn: ['formats', 'unattend'],
    repair: 'take the value as an argument; formats/ and unattend/ are pure',
  },
];

/** What only some folders may use. */
export function reserveFaults(tree: Tree): readonly string[] {
  return sources(tree).flatMap(([path, text]) => {
    const folder = folderOf(path) || '.';
    const code = codeOf(text);
    const imports = importsOf(text);
    return RESERVED.filter(
      (reserve) => (reserve.in ? !reserve.in.includes(folder) : reserve.notIn!.includes(folder)) && reserve.found(code, imports),
    ).map(({ what, repair }) => `${path}: uses ${what}; ${repair}`);
  });
}

const MIRRORED: readonly string[] = ['formats', 'image', 'unattend', 'steps', 'rules', 'report', 'lint', 'pipeline', 'tools'];

/** What is compiled to WebAssembly runs as one module, under the test of the code that calls it. */
const ASSEMBLY = /\/assembly\//;

/** Every source file with something that runs has its test at the same path below test/. */
export function mirrorFaults(tree: Tree): readonly string[] {
  const missing = productSources(tree)
    .filter(
      ([path, text]) => MIRRORED.includes(folderOf(path)) && basename(path) !== 'index.ts' && !ASSEMBLY.test(path) && hasRuntime(text),
    )
    .map(([path]) => [path, `test/${path.slice(0, -'.ts'.length)}.test.ts`] as const)
    .filter(([, test]) => !tree.has(test))
    .map(([path, test]) => `${path}: has no test; write ${test}`);
  // A test may also stand for a topic of its folder: it then imports files of that folder.
  const orphans = [...tree]
    .map(([path, text]) => [path, /^test\/(.*)\.test\.ts$/.exec(path)?.[1] ?? '', text] as const)
    .filter(([, name]) => MIRRORED.includes(folderOf(name)) && !tree.has(`${name}.ts`))
    .filter(([path, name, text]) => !targetsOf(path, text).some((target) => posix.dirname(target) === posix.dirname(name)))
    .map(([path, name]) => `${path}: tests nothing of its folder (there is no ${name}.ts); move or remove it`);
  return [...missing, ...orphans];
}

/** uvu counts a file that never calls `run` as 0 tests and a success. */
export function runFaults(tree: Tree): readonly string[] {
  return [...tree]
    .filter(([path, text]) => path.endsWith('.test.ts') && !/^\s*[\w.]+\.run\(\);?$/m.test(codeOf(text)))
    .map(([path]) => `${path}: never calls .run(), so none of its tests runs; end it with test.run();`);
}

const LINES_MAX = 300;
const LINES_MAX_FORMATS = 400;

export function lengthFaults(tree: Tree): readonly string[] {
  return sources(tree).flatMap(([path, text]) => {
    const max = /^(?:test\/)?formats\//.test(path) ? LINES_MAX_FORMATS : LINES_MAX;
    const lines = text.split('\n').length - 1;
    return lines > max ? [`${path}: has ${lines} lines (at most ${max}); split it by topic`] : [];
  });
}

const BANNED = /^(?:utils?|helpers?|managers?|services?|handlers?|common|misc|base|core)$/;
/** Terms of the field that hold such a word: the header block of a regf file, the image that a build starts from. */
const TERMS = /base-(?:block|image)/g;

export function nameFaults(tree: Tree): readonly string[] {
  return sources(tree).flatMap(([path, text]) => {
    const faults: string[] = [];
    const stem = basename(path).replace(/(?:\.test|\.config|\.d)?\.ts$/, '');
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stem)) faults.push(`${path}: the file name is not kebab-case; rename it`);
    const folders = path.split('/').slice(path.startsWith('test/helpers/') ? 2 : 0, -1);
    const words = [...folders, stem].flatMap((part) => part.replace(TERMS, '').split('-'));
    const classes = [...codeOf(text).matchAll(/\bclass ([A-Za-z]\w*)/g)].map((match) => match[1]!);
    const word = words.find((part) => BANNED.test(part));
    if (word) faults.push(`${path}: "${word}" says nothing about what is in it; name the file after its topic`);
    for (const name of classes) {
      const drawer = name.split(/(?=[A-Z])/).find((part) => BANNED.test(part.toLowerCase()));
      if (drawer) faults.push(`${path}: class ${name}: "${drawer}" says nothing; name it after what it is`);
    }
    return faults;
  });
}

export function firstLineFaults(tree: Tree): readonly string[] {
  return sources(tree).flatMap(([path, text]) => {
    const lines = text.split('\n');
    const first = lines[lines[0]!.startsWith('#!') ? 1 : 0] ?? '';
    if (/^\/\/ \S.*[.!?]$/.test(first)) return [];
    return [`${path}: does not begin with a sentence that says what it is; write "// …." as its first line`];
  });
}

export function defaultExportFaults(tree: Tree): readonly string[] {
  return sources(tree)
    .filter(([path, text]) => path !== 'build.config.ts' && /^export (?:default\b|\{[^}]*\bas default\b)/m.test(codeOf(text)))
    .map(([path]) => `${path}: has a default export; give it a name`);
}

/** Absolute paths of somebody's machine. `//` keeps URLs out, a letter behind keeps out what is only a root. */
const MACHINE = /(?<![\w./~*-])\/(?:work|home|root|Users\/(?!Default|Public|All Users)[a-z]\w*\/(?:src|code|dev|Desktop))\/[\w.-]/;

export function machinePathFaults(tree: Tree, root: string): readonly string[] {
  const own = root.split('/').filter(Boolean).length >= 2 ? root : undefined;
  return [...tree].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, at) => {
      const found = own !== undefined && line.includes(own) ? own : MACHINE.exec(line)?.[0];
      return found ? [`${path}:${at + 1}: holds a path of a build machine ("${found}"); write it relative to the repository`] : [];
    }),
  );
}

/** What package.json names is there: sources of its exports and commands, files of its scripts. */
export function packageFaults(tree: Tree): readonly string[] {
  const text = tree.get('package.json') ?? '{}';
  const named = [
    ...[...text.matchAll(/"(?:\.\/)?dist\/([\w/-]+)\.(?:js|d\.ts)"/g)].map((match) => `${match[1]}.ts`),
    ...[...text.matchAll(/\bscripts\/[\w/-]+\.(?:ts|sh)\b/g)].map((match) => match[0]),
  ];
  return [...new Set(named)]
    .filter((path) => !tree.has(path))
    .map((path) => `package.json: names ${path}, which is not there; write it or drop the line`);
}

/** Text without comments, and with every string emptied. A regular expression literal with quotes may hide a little; nothing is invented. */
export function codeOf(text: string): string {
  return text.replace(LITERAL, (piece) => (piece.startsWith('/') ? ' ' : `${piece[0]}${piece[0]}`));
}

const LITERAL = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The files of the repository that a file imports. */
function targetsOf(path: string, text: string): readonly string[] {
  return importsOf(text)
    .filter((target) => target.startsWith('.'))
    .map((target) => posix.join(posix.dirname(path), target));
}

/** Everything that a file imports or re-exports, by any of the ways to write it; type imports too. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(LITERAL, (piece) => (piece.startsWith('/') ? ' ' : piece));
  const found = [...code.matchAll(/\bfrom\s*(['"])([^'"\n]+)\1|^\s*import\s*(['"])([^'"\n]+)\3|\bimport\(\s*(['"])([^'"\n]+)\5/gm)];
  return found.map((match) => (match[2] ?? match[4] ?? match[6])!);
}

/** True when a file exports something that runs: types and constants that are one literal need no test. */
function hasRuntime(text: string): boolean {
  const code = codeOf(text);
  if (/^export\s+(?:async\s+)?(?:function|class|abstract\s+class)\b/m.test(code)) return true;
  return [...code.matchAll(/^export\s+const\s+\w+[^=]*=\s*([^;]*)/gm)].some((match) => !/^[-\w\s*+|()'"`]*$/.test(match[1]!));
}
