// A parser may refuse what it is given, with a FormatError; anything else that it throws is a crash.

/** By name: the parser under coverage may have a FormatError of its own. */
export function isRefusal(error: unknown): boolean {
  return (error as Error).name === 'FormatError';
}

/** One part of a target that may be refused while others go on. */
export function orRefused(part: () => unknown): void {
  try {
    part();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** The same for a part that waits. */
export async function orRefusedLater(part: () => Promise<unknown>): Promise<void> {
  try {
    await part();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
