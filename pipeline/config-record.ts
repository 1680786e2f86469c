// What is told of any object of a config, before anything is known of it: whether it is one, and keys that nobody knows.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param at the path of the object; '' for the config itself. */
export function unknownKeys(at: string, known: readonly string[], value: Record<string, unknown>, faults: string[]): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) faults.push(`${at === '' ? key : `${at}.${key}`}: unknown key (known: ${known.join(', ')})`);
  }
}
