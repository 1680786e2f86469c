// The output of a config: good and bad beside each other.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOfOutput } from '../../pipeline/output-faults.ts';

const CASES: readonly [unknown, readonly string[]][] = [
  [{ path: 'a.wim' }, []],
  [{ path: 'a.esd', format: 'esd', images: 'all' }, []],
  [{ path: 'a.swm', partSize: 650, compress: 'lzx' }, []],
  [{ path: 'a.vhdx', diskSize: 32768 }, []],
  ['a.wim', ['output']],
  [{}, ['output.path']],
  [{ path: '' }, ['output.path']],
  [{ path: 'a', kind: 'wim' }, ['output.kind']],
  [{ path: 'a', images: 'some' }, ['output.images']],
  [{ path: 'a', format: 'iso' }, ['output.format']],
  [{ path: 'a', compress: 'zip' }, ['output.compress']],
  [{ path: 'a', solid: 'yes' }, ['output.solid']],
  [{ path: 'a.swm', partSize: 0 }, ['output.partSize']],
  [{ path: 'a.swm', partSize: 1.5 }, ['output.partSize']],
  [{ path: 'a.vhd', diskSize: 63 }, ['output.diskSize']],
  [{ path: 'a.vhd', diskSize: '64' }, ['output.diskSize']],
  [{ path: 'a.wim', format: 'vhd' }, ['output.format']],
  [{ path: 'a.vhd', compress: 'lzx', partSize: 5 }, ['output.compress', 'output.partSize']],
];
for (const [output, expected] of CASES) {
  test(JSON.stringify(output), () => {
    const faults: string[] = [];
    faultsOfOutput(output, faults);
    assert.equal(
      faults.map((fault) => fault.split(': ')[0]),
      expected,
    );
  });
}

test.run();
