// wtgforge doctor: which external programs are here, and which package would bring a missing one.
import { chronydHere } from '../../tools/chronyd.ts';
import { dism } from '../../tools/dism.ts';
import { hivexregedit } from '../../tools/hivex.ts';
import { mkntfs } from '../../tools/mkntfs.ts';
import { ntfs3g } from '../../tools/ntfs-3g.ts';
import { qemuStorageDaemon } from '../../tools/qemu-export.ts';
import { qemuImg } from '../../tools/qemu-img.ts';
import { qemuIo } from '../../tools/qemu-io.ts';
import { reg } from '../../tools/reg.ts';
import { setfattr } from '../../tools/setfattr.ts';
import { sevenZip } from '../../tools/seven-zip.ts';
import { adviceFor, isOlder, type Tool, toolVersion } from '../../tools/tool.ts';
import { wimlib } from '../../tools/wimlib.ts';
import { type Command, EXIT } from '../command.ts';

interface Check {
  readonly tool: Tool;
  /** Without it nothing can be built or linted. */
  readonly required: boolean;
  /** A part of Windows; what we do with it was never run there. */
  readonly experimental?: true;
}

const CHECKS: readonly Check[] = [
  { tool: wimlib, required: true },
  { tool: hivexregedit, required: true },
  { tool: sevenZip, required: false },
  { tool: ntfs3g, required: false },
  { tool: setfattr, required: false },
  { tool: qemuIo, required: false },
  { tool: qemuStorageDaemon, required: false },
  { tool: qemuImg, required: false },
  { tool: mkntfs, required: false },
  { tool: chronydHere(), required: false },
  { tool: dism, required: false, experimental: true },
  { tool: reg, required: false, experimental: true },
];

export const doctor: Command = {
  id: 'doctor',
  summary: 'Show which external programs are here and what is possible without the missing ones.',
  description: 'Exit status 2 when a program is missing that every build and lint needs.',
  options: { json: { type: 'boolean', description: 'Print the findings as JSON.' } },
  async run(input, io) {
    const found = await Promise.all(CHECKS.map(examine));
    const code = found.some(({ required, state }) => required && state !== 'found') ? EXIT.undecided : EXIT.done;
    if (input.flag('json')) {
      const shown = found.map(({ tool, ...facts }) => ({ name: tool.name, package: tool.package, purpose: tool.purpose, ...facts }));
      io.out(`${JSON.stringify({ schema: 'wtgforge/doctor@1', tools: shown }, null, 2)}\n`);
      return code;
    }
    const { green, red, yellow, dim } = io.colours;
    for (const { tool, required, version, state } of found) {
      const alarm = required ? red : yellow;
      const paint = { found: green, elsewhere: dim }[state as string] ?? alarm;
      io.out(`${paint(state.padEnd(9))} ${tool.name.padEnd(19)} ${(version ?? '').padEnd(10)} ${tool.purpose}\n`);
      if (state === 'missing') io.out(`          ${adviceFor(tool)}\n`);
      if (state === 'elsewhere') io.out('          only on Windows hosts\n');
      if (state === 'too old') io.out(`          version ${tool.minimum} or later is needed\n`);
    }
    return code;
  },
};

interface Examined extends Check {
  /** null when it is missing or prints no version. */
  readonly version: string | null;
  readonly state: 'found' | 'missing' | 'too old' | 'elsewhere';
}

async function examine(check: Check): Promise<Examined> {
  const { tool } = check;
  if (check.experimental && process.platform !== 'win32') return { ...check, version: null, state: 'elsewhere' };
  const version = await toolVersion(tool);
  if (version === undefined) return { ...check, version: null, state: 'missing' };
  if (version === 'unknown') return { ...check, version: null, state: 'found' };
  const tooOld = tool.minimum !== undefined && isOlder(version, tool.minimum);
  return { ...check, version, state: tooOld ? 'too old' : 'found' };
}
