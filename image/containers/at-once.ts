// Two works at once that share one end: when one fails the other is stopped, and waited for.

type Work<T> = (stop: AbortSignal) => Promise<T>;

/**
 * Gives both results. Nothing of either still runs when it returns or throws.
 * @throws what the work that failed first has thrown
 */
export async function atOnce<A, B>(signal: AbortSignal | undefined, one: Work<A>, other: Work<B>): Promise<readonly [A, B]> {
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const run = <T>(work: Work<T>): Promise<T> =>
    work(stop).catch((error: unknown) => {
      failed.abort(error); // the first reason stays
      throw failed.signal.reason;
    });
  const [first, second] = [run(one), run(other)];
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
