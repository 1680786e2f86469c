// What a name and a config say about the output, and what goes with what.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { costOf, formatOfName, type GivenPacking, isDiskFormat, packingFaults, resolvePacking } from '../../image/output-format.ts';

test('the name says the format, where it is one of ours', () => {
  const names = ['a.WIM', 'a.esd', 'a.swm', 'a.vhd', 'a.vhdx', 'a.qcow2', 'a.raw', 'a.img', 'a.iso', 'a', '.wim'];
  assert.equal(names.map(formatOfName), ['wim', 'esd', 'swm', 'vhd', 'vhdx', 'qcow2', 'raw', 'raw', undefined, undefined, undefined]);
});

test('without a word the kind of the base image is kept; what is only read becomes a WIM', () => {
  for (const source of ['vhd', 'vhdx', 'qcow2', 'raw'] as const) assert.is(resolvePacking(source, 'out', {}).format, source);
  for (const source of ['wim', 'esd', 'swm', 'iso'] as const) assert.is(resolvePacking(source, 'out', {}).format, 'wim');
  assert.is(resolvePacking('wim', 'a.vhdx', {}).format, 'vhdx');
  assert.is(resolvePacking('wim', 'noname', { format: 'esd' }).format, 'esd');
});

test('contents stay as they are stored, unless they cannot or must not', () => {
  const packed = (source: 'wim' | 'vhdx', path: string, given: GivenPacking = {}) => {
    const { compress, solid } = resolvePacking(source, path, given);
    return [compress, solid];
  };
  assert.equal(packed('wim', 'a.wim'), [undefined, false]);
  assert.equal(packed('wim', 'a.swm'), [undefined, false]);
  assert.equal(packed('wim', 'a.esd'), ['lzms', true]);
  assert.equal(packed('vhdx', 'a.wim'), ['lzx', false]);
  assert.equal(packed('wim', 'a.wim', { solid: true }), ['lzms', true]);
  assert.equal(packed('wim', 'a.wim', { solid: true, compress: 'lzx' }), ['lzx', true]);
  assert.equal(packed('wim', 'a.vhdx'), [undefined, false]);
});

const FAULTS: readonly [string, GivenPacking, RegExp | undefined][] = [
  ['a.wim', { format: 'wim', compress: 'lzms', solid: true }, undefined],
  ['a.swm', { partSize: 100, compress: 'lzx' }, undefined],
  ['a.img', { format: 'raw', diskSize: 100 }, undefined],
  ['a', { compress: 'lzx' }, undefined],
  ['a.wim', { format: 'esd' }, /format: is esd, but the name of the output ends in \.wim/],
  ['a.vhd', { compress: 'lzx' }, /compress: does not go with the format vhd \(only with wim and swm and esd\)/],
  ['a.vhd', { solid: false }, /solid: does not go/],
  ['a.wim', { partSize: 1 }, /partSize: does not go/],
  ['a.wim', { diskSize: 100 }, /diskSize: does not go/],
  ['a.esd', { compress: 'lzx' }, /an ESD is LZMS/],
  ['a.esd', { solid: false }, /an ESD is solid/],
  ['a.wim', { solid: true, compress: 'xpress' }, /xpress cannot be solid/],
];
for (const [path, given, expected] of FAULTS) {
  test(`${path} ${JSON.stringify(given)}`, () => {
    const faults = packingFaults(path, given);
    if (expected) assert.match(faults.join(), expected);
    else assert.equal(faults, []);
  });
}

test('what the base image cannot give is a ConfigError', () => {
  for (const run of [
    () => resolvePacking('vhdx', 'a.raw', { diskSize: 100 }),
    () => resolvePacking('vhdx', 'a.wim', { images: 'all' }),
    () => resolvePacking('wim', 'a.vhd', { images: 'all' }),
    () => resolvePacking('vhdx', 'a', { compress: 'lzx' }),
  ]) {
    assert.throws(run, (error: unknown) => error instanceof ConfigError && error.code === 'OUTPUT_FORMAT');
  }
  assert.is(resolvePacking('wim', 'a.esd', { images: 'all' }).format, 'esd');
});

test('every way has its cost in one line', () => {
  for (const source of ['wim', 'esd', 'swm', 'iso', 'vhd', 'vhdx', 'qcow2', 'raw'] as const) {
    for (const path of ['a.wim', 'a.esd', 'a.swm', 'a.vhdx', 'a.raw']) {
      const cost = costOf(source, resolvePacking(source, path, {}));
      assert.match(cost, /^[a-z][^\n]{20,250}$/, `${source} ${path}`);
    }
  }
  assert.match(costOf('wim', resolvePacking('wim', 'a.wim', {})), /^a copy of the WIM/);
  assert.match(costOf('esd', resolvePacking('esd', 'a.wim', {})), /unpacked first/);
  assert.not(isDiskFormat('iso'));
});

test.run();
