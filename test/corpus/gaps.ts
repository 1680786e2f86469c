// Cases that the gate does not decide as it should, each with the reason; a test holds the list exact in both directions.
export const gaps: ReadonlyMap<string, string> = new Map([
  ['the port of activation is forwarded', 'no rule sees it yet'],
  ['the port of activation is opened', 'no rule sees it yet'],
  ['names of activation sent nowhere', 'no rule sees it yet'],
  ['the right host led to the machine itself', 'no rule sees it yet'],
  ['test signing in the boot store', 'no rule sees it yet'],
  ['the same under another name, to another library', 'no rule sees it yet'],
  ['another library in place of the licensing client', 'no rule sees it yet'],
  ['another program in place of the activation host', 'no rule sees it yet'],
  ['a forged ticket where it would be taken', 'no rule sees it yet'],
  ['a forged ticket somewhere else', 'no rule sees it yet'],
  ['a helper of old setups with a library of its own beside it', 'no rule sees it yet'],
  [
    'an automatic logon with its password as a secret of the system',
    'a note: every real Windows that was measured keeps such a secret, and what it says cannot be told offline',
  ],
]);
