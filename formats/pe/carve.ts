// Finds PE files that stand behind something else: an image, an archive, a document.
import { bufferOf, FormatError } from '../bytes.ts';
import { parsePeHeaders, peSignatureAt } from './headers.ts';

/** PE files in one content that are told; an installer may hold some hundreds. */
const FOUND_MAX = 64;
/** `MZ` may stand at every second byte of a content made to cost time. */
const TRIES_MAX = 1_000_000;

export interface CarvedPe {
  readonly offset: number;
}

/** PE files at any offset from `from` on whose headers a Windows would take, in order. */
export function carvePe(content: Uint8Array, from = 1): readonly CarvedPe[] {
  const data = bufferOf(content);
  const found: CarvedPe[] = [];
  let tries = 0;
  for (let at = data.indexOf('MZ', from, 'latin1'); at >= 0 && found.length < FOUND_MAX; at = data.indexOf('MZ', at + 1, 'latin1')) {
    if (++tries > TRIES_MAX) throw new FormatError('PE', `may begin at more than ${TRIES_MAX} places`, at);
    if (peSignatureAt(content, at) && isWhole(content.subarray(at))) found.push({ offset: at });
  }
  return found;
}

function isWhole(content: Uint8Array): boolean {
  try {
    const { sections } = parsePeHeaders(content);
    return sections.some(({ offset, size }) => size > 0 && offset + size <= content.length);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
