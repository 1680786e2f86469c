// What is wrong with the words of a command line, in our own words: those of Node.js speak to who wrote the program.

/** @param error of `parseArgs`, which gives nothing but its text to tell one option from another. */
export function argumentFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const option = /'(?:-\w, )?(-{1,2}[^\s']*)[^']*'/.exec(message)?.[1];
  if (option === undefined) return message;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${option}: is not an option`;
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return message;
  return message.includes('does not take an argument') ? `${option}: takes no value` : `${option}: needs a value`;
}
