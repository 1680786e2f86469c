// The view of an INF: what it puts into a system that runs, is loaded, or stands in the registry.
import { bufferOf } from '../../formats/bytes.ts';
import { INF_MAX_BYTES, parseInf } from '../../formats/inf/inf.ts';
import { type InfInstalls, infInstalls } from '../../formats/inf/installs.ts';
import { isServicingDelta } from '../../formats/pe/delta.ts';
import { contentView } from '../view.ts';

const SAMPLE = 4096;

/** Undefined for what no Windows takes as an INF: deltas of servicing, binary files, texts without a section. */
export const inf = contentView<InfInstalls>({
  max: INF_MAX_BYTES,
  parse: (content) => (isServicingDelta(content) || !hasSection(content) ? undefined : infInstalls(parseInf(content))),
});

function hasSection(content: Uint8Array): boolean {
  const bytes = bufferOf(content);
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!marked && bytes.subarray(0, SAMPLE).includes(0)) return false;
  return bytes.includes('[');
}
