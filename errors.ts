// The known failures: four kinds for the four people who act; anything else is a bug and shows its stack.

/** A failure that the user can act on: printed as one line and a hint, without a stack. */
export class WtgforgeError extends Error {
  override name = 'WtgforgeError';
  /** Stable and greppable, SCREAMING_SNAKE. */
  readonly code: string;
  /** One imperative sentence: what to do next. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
  }
}

/** The author of the config must act. `faults` holds every mistake that was found, each with its path. */
export class ConfigError extends WtgforgeError {
  override name = 'ConfigError';
}

/** The input image is not what it should be. */
export class ImageError extends WtgforgeError {
  override name = 'ImageError';
}

/** An external program is absent, too old, or failed. */
export class ToolError extends WtgforgeError {
  override name = 'ToolError';
}

/** A step refused to go on. */
export class StepError extends WtgforgeError {
  override name = 'StepError';
}

/** The error when it is of this kind, for a catch that knows an answer to no other: any other is a bug and goes on as one. */
export function only<T extends Error>(kind: abstract new (...given: never[]) => T, error: unknown): T {
  if (error instanceof kind) return error;
  throw error;
}
