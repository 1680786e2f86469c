// How much of a parser the fuzzer went through: the blocks of V8's own coverage, by source file.
import { type Profiler, Session } from 'node:inspector/promises';

export interface Branches {
  readonly covered: number;
  readonly all: number;
}

/** Counts from its making on; what is to be counted must be loaded after it. */
export class Coverage {
  private readonly session = new Session();

  async start(): Promise<void> {
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks of the sources whose path below the root begins like one of `sources`, and ends it. */
  async end(root: string, sources: readonly string[]): Promise<Branches> {
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    await this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
    return branchesOf(result.filter(({ url }) => sources.some((source) => url.startsWith(`${root}${source}`))));
  }
}

/** A function that was never called is one block. A block that holds others counts by itself, too. */
export function branchesOf(scripts: readonly Pick<Profiler.ScriptCoverage, 'functions'>[]): Branches {
  const ranges = scripts.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
  return { covered: ranges.filter(({ count }) => count > 0).length, all: ranges.length };
}
