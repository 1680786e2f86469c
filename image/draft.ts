// The Draft contract: an image plus the pending changes of the steps so far.
import type { HiveName, Image, RegistryValue, StoredValue } from './image.ts';

export interface Draft extends Pick<Image, 'info' | 'has' | 'find' | 'read' | 'walk' | 'hive'> {
  /** Content as text is stored as UTF-8 without BOM. `secret: true` keeps size and digest out of every report. Writing what is there already is no change. */
  write(path: string, content: Uint8Array | string, options?: { readonly secret?: boolean }): Promise<void>;
  remove(path: string): Promise<void>;
  /** `secret: true` keeps the value out of every report. */
  setValue(hive: HiveName, key: string, name: string, value: RegistryValue, options?: { readonly secret?: boolean }): Promise<void>;
  /** `residue: true` is cleaning and no wish for the value: a later step may set it. */
  deleteValue(hive: HiveName, key: string, name: string, options?: { readonly residue?: boolean }): Promise<void>;
  removeKey(hive: HiveName, key: string): Promise<void>;
  /** A key without values; `setValue` makes its key by itself. */
  makeKey(hive: HiveName, key: string): Promise<void>;
  readonly changes: readonly Change[];
}

/** One journal entry, with what was there before. Only for the process that made it: reports show its description. */
export type Change = { readonly step: string } & (
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly size: number;
      readonly secret: boolean;
      /** Undefined for a new file; `secret` when an earlier step has put a secret there. */
      readonly before: { readonly size: number; readonly secret: boolean } | undefined;
      /** Both contents of a file that looks like XML. */
      readonly xml: { readonly before: Uint8Array | undefined; readonly after: Uint8Array } | undefined;
    }
  | {
      readonly kind: 'remove';
      readonly path: string;
      readonly folder: boolean;
      /** The file itself, or the files below the folder. */
      readonly files: Bounded<{ readonly path: string; readonly size: number }>;
      /** The content of a single file that looks like XML. */
      readonly xml: { readonly before: Uint8Array; readonly after: undefined } | undefined;
    }
  | {
      readonly kind: 'set-value';
      readonly hive: HiveName;
      readonly key: string;
      readonly name: string;
      readonly value: RegistryValue;
      readonly secret: boolean;
      readonly before: StoredValue | undefined;
    }
  | { readonly kind: 'delete-value'; readonly hive: HiveName; readonly key: string; readonly name: string; readonly before: StoredValue }
  | { readonly kind: 'make-key'; readonly hive: HiveName; readonly key: string }
  | {
      readonly kind: 'remove-key';
      readonly hive: HiveName;
      readonly key: string;
      /** The values below it, each with its key from the hive's root. */
      readonly values: Bounded<{ readonly key: string; readonly value: StoredValue }>;
    }
);

/** The first entries of a list, and how many more there are. */
export interface Bounded<T> {
  readonly entries: readonly T[];
  readonly more: number;
}
