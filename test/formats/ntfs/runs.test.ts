// Run lists: the examples of the format's documentation, holes, limits, noise.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { decodeRuns, runAt } from '../../../formats/ntfs/runs.ts';

const test = suite('runs');
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('three runs, forward and back, and a hole', () => {
  assert.equal(decodeRuns(hex('21 18 34 56 11 08 f0 01 04 00'), 0, 100_000), [
    { vcn: 0, lcn: 0x5634, length: 0x18 },
    { vcn: 0x18, lcn: 0x5624, length: 8 },
    { vcn: 0x20, lcn: undefined, length: 4 },
  ]);
});

test('a run behind the volume, of no length or cut short is refused', () => {
  for (const bytes of ['21 18 34 56', '11 00 10', '11 7f f0', '91 01', '21 18']) {
    assert.throws(
      () => decodeRuns(hex(bytes), 0, 100),
      (error: unknown) => error instanceof FormatError,
    );
  }
});

test('the run of a cluster', () => {
  const runs = decodeRuns(hex('11 04 10 11 04 10 01 04 00'), 0, 1000);
  assert.equal(
    [0, 3, 4, 11, 12].map((vcn) => runAt(runs, vcn)?.vcn),
    [0, 0, 4, 8, undefined],
  );
});

test('noise gives runs in order or a FormatError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        let vcn = 0;
        for (const run of decodeRuns(bytes, 0, 1_000_000)) {
          assert.is(run.vcn, vcn);
          assert.ok(run.length > 0 && (run.lcn === undefined || run.lcn + run.length <= 1_000_000));
          vcn += run.length;
        }
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
  );
});

test.run();
