// PowerShell read by a grammar (tree-sitter-powershell, as Visual Studio Code has it): what no PowerShell here can run is at least parsed.
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { Parser } from '@vscode/tree-sitter-wasm';

const require = createRequire(import.meta.url);
// A CommonJS bundle whose names the ESM loader does not see.
const sitter = require('@vscode/tree-sitter-wasm') as typeof import('@vscode/tree-sitter-wasm');

export interface PowerShellTree {
  /** Where the text is no PowerShell: "line 3: …". */
  readonly faults: readonly string[];
  /** How many nodes the tree has: 0 would mean that nothing was read. */
  readonly nodes: number;
  /** Names of the commands that are called, in order, and of the types that are named. */
  readonly commands: readonly string[];
}

let parser: Promise<Parser> | undefined;

async function open(): Promise<Parser> {
  // The optimizing compiler takes most of a minute for the generated parser, which runs for milliseconds.
  setFlagsFromString('--liftoff-only');
  await sitter.Parser.init();
  const grammar = await sitter.Language.load(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm'));
  return new sitter.Parser().setLanguage(grammar);
}

export async function parsePowerShell(text: string): Promise<PowerShellTree> {
  parser ??= open();
  const tree = (await parser).parse(text);
  if (!tree) throw new Error('the grammar gave no tree');
  const faults: string[] = [];
  const commands: string[] = [];
  const walk = (node: typeof tree.rootNode): void => {
    if (node.isError || node.isMissing)
      faults.push(`line ${node.startPosition.row + 1}: ${node.isMissing ? `misses ${node.type}` : node.text.slice(0, 60)}`);
    if (node.type === 'command_name') commands.push(node.text);
    for (const child of node.children) if (child) walk(child);
  };
  walk(tree.rootNode);
  const nodes = tree.rootNode.descendantCount;
  tree.delete();
  return { faults, nodes, commands };
}
