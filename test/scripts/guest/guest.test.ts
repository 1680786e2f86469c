// Every script that ships inside the image: ASCII, parsed by a PowerShell grammar or checked as a batch file, with programs of System32 only.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePowerShell } from '../../helpers/powershell.ts';

const FOLDER = new URL('../../../scripts/guest/', import.meta.url);
const names = readdirSync(FOLDER);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const batch = names.filter((name) => name.endsWith('.cmd'));
const shell = names.filter((name) => name.endsWith('.ps1'));

/** Cmdlets of Windows PowerShell itself; nothing that a module would have to bring. */
const CMDLETS = ['Set-StrictMode', 'Join-Path', 'Test-Path', 'New-Object', 'Get-Content', 'ConvertFrom-Json', 'Select-Object'];

test('each is a batch file or PowerShell, ASCII, without tabs', () => {
  assert.equal([...batch, ...shell].sort(), names.toSorted());
  assert.ok(batch.length >= 2 && shell.length >= 1);
  for (const name of names) {
    assert.ok(/^[\x20-\x7e\n]*\n$/.test(read(name)), name);
    assert.not.ok(
      /rearm|tokens\.dat|data\.dat|Invoke-Expression|\biex\b|DownloadString|Add-Type|-EncodedCommand/i.test(withoutComments(read(name))),
      name,
    );
  }
});

test('the grammar sees faults', async () => {
  for (const broken of ['function x { if ($a { }', '$a = @(1, 2', "'open", 'foreach ($x in $y { }']) {
    assert.ok((await parsePowerShell(broken)).faults.length > 0, broken);
  }
  assert.equal((await parsePowerShell('if ($a) { Get-Item x }')).faults, []);
});

for (const name of shell) {
  test(`${name} is PowerShell without modules, and calls nothing that is not its own or of System32`, async () => {
    const text = read(name);
    const { faults, nodes, commands } = await parsePowerShell(text);
    assert.equal(faults, [], name);
    assert.ok(nodes > 100, `${nodes} nodes`);
    console.error(`${name}: parsed, ${nodes} nodes, no fault; commands: ${[...new Set(commands)].join(', ')}`);
    const own = [...text.matchAll(/^function ([\w-]+)/gm)].map((match) => match[1]!);
    const strange = commands.filter((command) => !CMDLETS.includes(command) && !own.includes(command) && !command.includes('System32'));
    assert.equal(strange, [], name);
    // Version 5.1 has none of these.
    assert.not.ok(/\?\?|\?\.|&&|\|\||\bclean\b\s*\{/.test(withoutComments(text)), name);
  });
}

for (const name of batch) {
  test(`${name}: programs by their full path, labels that are there, no digit before a redirection`, () => {
    const text = read(name);
    const lines = text.split('\n');
    assert.is(lines[0], '@echo off');
    assert.match(text, 'setlocal EnableExtensions DisableDelayedExpansion');
    const code = lines.filter((line) => !/^\s*rem\b/i.test(line));
    // The interpreter ignores what follows rem, but not a redirection right behind it.
    for (const line of lines) assert.not.ok(/^\s*rem\s*[<>|&]/i.test(line), line);
    // `%CODE%>>log` becomes `0>>log`, which redirects handle 0.
    for (const line of code) assert.not.ok(/[%\d]>/.test(line.replace(/ 2\^?>>?/g, ' ')), line);
    for (const program of text.match(/[\w\\%~.]*\.exe/g) ?? [])
      assert.match(program, /^%(?:SYS%|SystemRoot%\\System32)\\|^\\(?:cmd|reg)/, program);
    const labels = new Set(code.filter((line) => /^:\w/.test(line)).map((line) => line.slice(1)));
    const targets = [...code.join('\n').matchAll(/(?:\bgoto |\bcall :)(\w+)/g)].map((match) => match[1]!);
    assert.equal(
      [...new Set(targets)].filter((target) => !labels.has(target)),
      [],
      name,
    );
    assert.equal(
      [...labels].filter((label) => !targets.includes(label) && label !== 'double'),
      [],
      name,
    );
    assert.not.ok(/shutdown|\breboot|net\s+user/i.test(code.join('\n')), name);
  });
}

/** Without lines that are only a comment. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:#|rem\b).*$/gim, '');
}

test.run();
