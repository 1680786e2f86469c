// Calls a rule's `file` with a file, at once or when its content has been read.
import type { ImageFile } from '../image/image.ts';
import { CONTENT_MAX, opaqueReason, type Visit } from './content-plan.ts';
import type { RuleRun } from './rule-run.ts';

const EMPTY = new Uint8Array();

/** @param wait takes the call when it needs content that has not been read yet */
export function visitFile(run: RuleRun, file: ImageFile, wait: (visit: Visit) => void): Promise<void> | undefined {
  const { content = 'none', large = 'unable', contentMax = CONTENT_MAX } = run.rule.select;
  const most = Math.min(contentMax, CONTENT_MAX);
  if (content === 'none' || file.folder) return run.call((visitor) => visitor.file!(file, undefined));
  const opaque = opaqueReason(file);
  if (opaque !== undefined) return void run.unable(opaque);
  if (file.size === 0) return run.call((visitor) => visitor.file!(file, EMPTY));
  if (content === 'head' || file.size <= most) return void wait({ run, file, content });
  if (large === 'unable') return void run.unable(`${file.path}: is too large to be looked at (${file.size} bytes, at most ${most})`);
  return run.call((visitor) => visitor.file!(file, undefined));
}
