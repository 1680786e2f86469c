// Workflow commands: the golden file, and lines that no name in an image can begin.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { github } from '../../report/github.ts';
import { assertExpected, cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';

const COMMAND = /^::(?:error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$/;
const linesOf = (result: typeof sampleResult) => github.render(result, sampleContext).trimEnd().split('\n');

test('a result with one of everything, errors first, the verdict last', () => {
  assertExpected('sample.github.txt', github.render(sampleResult, sampleContext));
  const kinds = linesOf(sampleResult).map((line) => /^::(\w+)/.exec(line)?.[1]);
  assert.is(kinds[0], 'error');
  assert.match(linesOf(sampleResult).at(-1)!, /^::error title=wtgforge lint::golden\.wim: rejected \(3 errors/);
  assert.match(linesOf(cleanResult).at(-1)!, /^::notice .*accepted/);
});

test('every line is one command, whatever the names hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, message) => {
      const image = sampleResult.images[0]!;
      const findings = image.findings.map((finding) => ({
        ...finding,
        message: `${message}\n::set-output name=a::b`,
        at: { file: `/${name}\r\n::error::` },
      }));
      const outcomes = [{ rule: 'a/b', outcome: 'unable' as const, reason: `${name}\n::stop-commands::x` }];
      const result = {
        ...sampleResult,
        container: { path: `::error::${name}`, format: 'wim' as const },
        images: [{ ...image, findings, outcomes }],
      };
      for (const line of linesOf(result)) assert.match(line, COMMAND);
    }),
    { numRuns: 50 },
  );
});

test('a percent sign of the image is no escape', () => {
  const image = { ...cleanResult.images[0]!, findings: [{ ...sampleResult.images[0]!.findings[1]!, message: '100%0A::error::x' }] };
  assert.match(linesOf({ ...cleanResult, images: [image] })[0]!, '100%250A::error::x');
});

test('a flood is cut and says how much it leaves out', () => {
  const [finding] = sampleResult.images[0]!.findings;
  const findings = Array.from({ length: 500 }, () => finding!);
  const lines = linesOf({ ...cleanResult, images: [{ ...cleanResult.images[0]!, findings }] });
  assert.ok(lines.includes('and 300 more; --format sarif holds all of them'));
  assert.is(lines.length, 202);
});

test.run();
