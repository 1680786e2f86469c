// Changes as plain data for reports and plans: what was there, what comes; values shortened, secrets never.
import type { Change } from '../image/draft.ts';
import { showValue, storedValue } from '../image/registry-value.ts';

export interface ChangeDescription {
  readonly step: string;
  readonly kind: Change['kind'];
  /** `/Windows/…` for a file, `SOFTWARE\Key!Name` for a value, `SOFTWARE\Key` for a key. */
  readonly at: string;
  readonly before?: string;
  readonly after?: string;
}

export function describeChange(change: Change): ChangeDescription {
  const { step, kind } = change;
  switch (kind) {
    case 'write': {
      const after = change.secret ? '(holds a secret)' : `${change.size} bytes`;
      return { step, kind, at: change.path, ...(change.replaces ? { before: 'another content' } : {}), after };
    }
    case 'remove':
      return { step, kind, at: change.path };
    case 'set-value': {
      const after = showValue(storedValue(change.name, change.value));
      return { step, kind, at: place(change), ...(change.before === undefined ? {} : { before: change.before }), after };
    }
    case 'delete-value':
      return { step, kind, at: place(change) };
    case 'remove-key':
      return { step, kind, at: `${change.hive}\\${change.key}` };
  }
}

function place(change: { readonly hive: string; readonly key: string; readonly name: string }): string {
  return `${change.hive}\\${change.key}!${change.name === '' ? '(default)' : change.name}`;
}
