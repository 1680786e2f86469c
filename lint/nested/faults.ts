// What a failed attempt to open an archive says about it.
import { ToolError } from '../../errors.ts';
import type { OpaqueReason } from '../rule.ts';
import type { NestedContext, Source } from './context.ts';

const REASONS: Readonly<Record<string, readonly [OpaqueReason, string]>> = {
  ARCHIVE_ENCRYPTED: ['encrypted', 'it is encrypted'],
  ARCHIVE_UNSUPPORTED: ['unsupported', 'its method of compression is not known or takes too much memory'],
  ARCHIVE_SLOW: ['too-slow', 'it takes too long to be opened'],
  ARCHIVE_DAMAGED: ['damaged', 'it is damaged'],
};

/** @throws what is no fault of the archive. */
export function tellFault(context: NestedContext, { places, kind }: Source, error: unknown): void {
  const reason = error instanceof ToolError ? REASONS[error.code] : undefined;
  if (!reason) throw error;
  // 7-Zip as Debian builds it has no decoder for RAR.
  if (kind.id === 'rar' && reason[0] === 'damaged')
    context.opaque(places, 'unsupported', 'it is damaged, or 7-Zip has no decoder for RAR here (Debian: 7zip-rar)');
  else context.opaque(places, ...reason);
}
