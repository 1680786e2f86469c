// The demo's second lint: a large image twice, from an empty cache; what the first found clean the second does not scan.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LintResult } from '../../../lint/result.ts';
import { makeLargeImage } from '../fixtures/large-image.ts';

export interface DemoFact {
  readonly what: string;
  readonly fact: boolean;
}

/** @param lint runs the command line over a container and gives its exit status; the report goes to the second file. */
export async function lintTwice(
  golden: string,
  out: string,
  lint: (container: string, report: string) => number | null,
): Promise<readonly DemoFact[]> {
  const large = join(out, 'large.wim');
  await makeLargeImage(golden, large);
  const exits: (number | null)[] = [];
  const stats = ['first', 'again'].map((name) => {
    const report = join(out, `large.${name}.json`);
    rmSync(report, { force: true });
    exits.push(lint(large, report));
    return (JSON.parse(readFileSync(report, 'utf8')) as LintResult).stats;
  });
  rmSync(large);
  const [first, again] = stats;
  return [
    { what: `the first lint scanned ${told(first!)}`, fact: first!.bytesScanned > 600e6 },
    { what: `the second lint scanned ${told(again!)}; the rest was known to be clean`, fact: again!.bytesScanned < 1e6 && !!again!.cached },
    { what: 'both accepted the image (exit 0)', fact: exits.every((exit) => exit === 0) },
  ];
}

function told({ bytesScanned, seconds }: LintResult['stats']): string {
  return `${Math.round(bytesScanned / 1e6)} MB in ${seconds.toFixed(1)} s`;
}
