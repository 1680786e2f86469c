// Cases that the gate does not decide as it should, each with the reason; a test holds the list exact in both directions.
export const gaps: ReadonlyMap<string, string> = new Map([
  [
    'an automatic logon with its password as a secret of the system',
    'a note: every real Windows that was measured keeps such a secret, and what it says cannot be told offline',
  ],
]);
