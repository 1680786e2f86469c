// Registry edits in short, a hive after them, and what is refused.
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { applyHiveEdits } from '../../image/hive-edit.ts';
import type { HiveEdit } from '../../image/image.ts';

export const about = { path: '/Windows/System32/config/SOFTWARE' };

export const set = (key: string, name: string, data: string | number): HiveEdit => ({
  kind: 'set-value',
  key,
  name,
  value: typeof data === 'string' ? { type: 'REG_SZ', data } : { type: 'REG_DWORD', data },
});
export const deleteValue = (key: string, name: string): HiveEdit => ({ kind: 'delete-value', key, name });
export const removeKey = (key: string): HiveEdit => ({ kind: 'remove-key', key });

export async function edited(bytes: Uint8Array, ...edits: HiveEdit[]): Promise<Uint8Array> {
  return applyHiveEdits(bytes, edits, about);
}

/** The ImageError with which the work is refused. */
export async function refusal(run: () => Promise<unknown>): Promise<ImageError> {
  try {
    await run();
  } catch (error) {
    assert.instance(error, ImageError, String(error));
    return error as ImageError;
  }
  return assert.unreachable('was not refused') as never;
}
