// wtgforge doctor: which external programs are here, and which package would bring a missing one.
import { chronyd } from '../../tools/chronyd.ts';
import { hivexregedit } from '../../tools/hivex.ts';
import { sevenZip } from '../../tools/seven-zip.ts';
import { type Tool, toolVersion } from '../../tools/tool.ts';
import { wimlib } from '../../tools/wimlib.ts';
import type { Command } from '../command.ts';

interface Check {
  readonly tool: Tool;
  /** Without it nothing can be built or linted. */
  readonly required: boolean;
}

const CHECKS: readonly Check[] = [
  { tool: wimlib, required: true },
  { tool: hivexregedit, required: true },
  { tool: sevenZip, required: false },
  { tool: chronyd, required: false },
];

export const doctor: Command = {
  id: 'doctor',
  summary: 'Show which external programs are here and what is possible without the missing ones.',
  description: 'Exit status 2 when a program is missing that every build and lint needs.',
  options: { json: { type: 'boolean', description: 'Print the findings as JSON.' } },
  async run(input, io) {
    const found = await Promise.all(CHECKS.map(async ({ tool, required }) => ({ tool, required, version: await toolVersion(tool) })));
    const code = found.some(({ required, version }) => required && version === undefined) ? 2 : 0;
    if (input.flag('json')) {
      const shown = found.map(({ tool, required, version }) => ({
        name: tool.name,
        package: tool.package,
        purpose: tool.purpose,
        required,
        version: version ?? null,
      }));
      io.out(`${JSON.stringify({ schema: 'wtgforge/doctor@1', tools: shown }, null, 2)}\n`);
      return code;
    }
    const { green, red, yellow } = io.colours;
    for (const { tool, required, version } of found) {
      const absent = required ? red('missing ') : yellow('missing ');
      io.out(
        `${version === undefined ? absent : green('found   ')} ${tool.name.padEnd(14)} ${(version ?? '').padEnd(10)} ${tool.purpose}\n`,
      );
      if (version === undefined) io.out(`         install it: apt-get install ${tool.package}\n`);
    }
    return code;
  },
};
