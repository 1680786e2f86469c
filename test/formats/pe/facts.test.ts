// The facts of PE files: made ones, damaged ones, and real ones against objdump.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parsePe } from '../../../formats/pe/facts.ts';
import { isPe } from '../../../formats/pe/headers.ts';
import { survives } from '../../helpers/damage.ts';
import { makePe, type PeSpec } from '../../helpers/make-pe.ts';
import { needWinePrograms, winePrograms } from '../../helpers/wine-programs.ts';

const FULL: PeSpec = {
  exports: { SLOpen: 'OTHER.SLOpen', SLClose: '' },
  imports: { 'a.dll': ['x', 'y'] },
  version: { CompanyName: 'Example' },
  clr: true,
  certificates: [new Uint8Array(11), new Uint8Array(8)],
};

test('every part of a full file', () => {
  const content = makePe({ ...FULL, overlay: Buffer.from('behind the end') });
  const facts = parsePe(content);
  assert.equal(facts.faults, []);
  assert.is(facts.exports?.functions.length, 2);
  assert.is(facts.imports[0]?.functions.length, 2);
  assert.is(facts.version?.texts.get('CompanyName'), 'Example');
  assert.is(facts.clr?.runtime, 'v4.0.30319');
  assert.is(facts.clr?.nativeToo, false);
  assert.equal(
    facts.certificates.map(({ size, type }) => [size, type]),
    [
      [11, 2],
      [8, 2],
    ],
  );
  const { offset, size } = facts.overlay!;
  assert.match(Buffer.from(content.subarray(offset, offset + size)).toString(), /^behind the end/);
});

test('certificates alone are no overlay', () => {
  assert.is(parsePe(makePe({ certificates: [new Uint8Array(8)] })).overlay, undefined);
  assert.is(parsePe(makePe()).overlay, undefined);
});

test('a broken directory is a fault, and the others are read', () => {
  const content = Buffer.from(makePe(FULL));
  content.writeUInt32LE(0x77777777, 0x98 + 112);
  const facts = parsePe(content);
  assert.equal(facts.exports, undefined);
  assert.match(facts.faults.join(), /list of exports lies outside/);
  assert.is(facts.imports.length, 1);
});

test('damaged files give facts or a FormatError', () => {
  for (const bits of [32, 64] as const) survives(makePe({ ...FULL, bits }), parsePe, FormatError, 1000);
});

/** Names of libraries and exports, and forwarders, as objdump prints them. */
function objdump(path: string) {
  const { stdout } = spawnSync('objdump', ['-p', path], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return {
    libraries: [...stdout.matchAll(/^\tDLL Name: (.*)$/gm)].map((match) => match[1]!),
    exports: [...stdout.matchAll(/^\t\[ *\d+\](?: \+base\[ *\d+\] +[0-9a-f]+)? (\S+)$/gm)].map((match) => match[1]!),
    forwarders: [...stdout.matchAll(/Forwarder RVA -- (\S+)$/gm)].map((match) => match[1]!),
  };
}

needWinePrograms(test)('every program of wine is read without a fault, and objdump sees the same in some of them', () => {
  const compared = ['kernel32.dll', 'rpcrt4.dll', 'notepad.exe', 'advapi32.dll'];
  let programs = 0;
  for (const path of winePrograms()) {
    const content = new Uint8Array(readFileSync(path));
    if (!isPe(content)) continue;
    programs++;
    const facts = parsePe(content);
    assert.equal(facts.faults, [], path);
    if (!compared.includes(basename(path)) || spawnSync('objdump', ['--version']).status !== 0) continue;
    const seen = objdump(path);
    const imported = facts.imports.filter(({ delayed }) => !delayed).map(({ dll }) => dll);
    assert.equal(imported, seen.libraries, path);
    const forwarders = facts.exports?.functions.flatMap(({ forwarder }) => forwarder ?? []) ?? [];
    assert.equal([...new Set(forwarders)].sort(), [...new Set(seen.forwarders)].sort(), path);
    for (const name of facts.exports?.functions.flatMap(({ name: own }) => own ?? []) ?? []) assert.ok(seen.exports.includes(name), name);
  }
  assert.ok(programs > 300, `${programs}`);
});

test.run();
