// What a test file or a check came to, read from what it printed; uvu itself takes a file without tests, or without .run(), for a success.

export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Shown when something failed. */
  readonly output: string;
  /** Why tests were skipped. */
  readonly reasons: readonly string[];
}

export interface Ended {
  readonly code: number | null;
  readonly output: string; // without colours
  readonly seconds: number;
  /** The limit in seconds that ended it. */
  readonly late?: number;
}

/** The outcome of a test file from uvu's last lines. */
export function readOutcome(name: string, { code, output, seconds, late }: Ended): Outcome {
  const count = (label: string) => Number(new RegExp(`^ {2}${label}: +(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')];
  const faults: string[] = [];
  if (late !== undefined) faults.push(`did not end within ${late} s`);
  else if (total + skipped === 0) faults.push('ran no test: a file must end with .run()');
  const missed = total - passed;
  const failed = missed === 0 && (code !== 0 || faults.length > 0) ? 1 : missed;
  const reasons = [...output.matchAll(/^skipped: (.*)$/gm)].map((match) => match[1]!);
  return { name, passed, failed, skipped, seconds, output: [...faults, output].join('\n'), reasons };
}
