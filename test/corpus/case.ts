// What a case of the corpus is. Its author reads the knowledge of the field and no rule: the gate is judged from outside.
import type { FakeSpec } from '../helpers/fake-image.ts';

export interface CorpusCase {
  readonly name: string;
  /** What of the field's knowledge it stands for: general rules G…, tricks of evasion E…, traps of false alarms T…, keys K, secrets S, state W. */
  readonly rows: readonly string[];
  /** A function where making it takes a tool. */
  readonly plant: FakeSpec | (() => Promise<FakeSpec> | FakeSpec);
}

/** `refused`: the gate must not accept the image. `honest`: it must not refuse it. */
export interface CorpusCases {
  readonly refused: readonly CorpusCase[];
  readonly honest: readonly CorpusCase[];
}
