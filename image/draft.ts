// The Draft contract: an image plus the pending changes of the steps so far.
import type { HiveName, Image, RegistryValue } from './image.ts';

export interface Draft extends Pick<Image, 'info' | 'has' | 'find' | 'read' | 'walk' | 'hive'> {
  /** Content as text is stored as UTF-8 without BOM. `secret: true` keeps size and digest out of every report. Writing what is there already is no change. */
  write(path: string, content: Uint8Array | string, options?: { readonly secret?: boolean }): Promise<void>;
  remove(path: string): Promise<void>;
  setValue(hive: HiveName, key: string, name: string, value: RegistryValue): Promise<void>;
  /** `residue: true` is cleaning and no wish for the value: a later step may set it. */
  deleteValue(hive: HiveName, key: string, name: string, options?: { readonly residue?: boolean }): Promise<void>;
  removeKey(hive: HiveName, key: string): Promise<void>;
  readonly changes: readonly Change[];
}

/** One journal entry. No digest of a secret anywhere: it would be a dictionary oracle. */
export type Change = { readonly step: string } & (
  | { readonly kind: 'write'; readonly path: string; readonly size: number; readonly secret: boolean; readonly replaces: boolean }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'set-value';
      readonly hive: HiveName;
      readonly key: string;
      readonly name: string;
      readonly value: RegistryValue;
      readonly before: string | undefined;
    }
  | { readonly kind: 'delete-value'; readonly hive: HiveName; readonly key: string; readonly name: string }
  | { readonly kind: 'remove-key'; readonly hive: HiveName; readonly key: string }
);
