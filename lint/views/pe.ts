// The view of a program: the facts of a PE file, parsed once for each distinct content.
import { parsePe } from '../../formats/pe/facts.ts';
import { isPe } from '../../formats/pe/headers.ts';
import type { PeFacts } from '../../formats/pe/model.ts';
import { contentView } from '../view.ts';

/** Larger programs of Windows are rare; setups of hundreds of megabytes are archives behind a small program. */
const SIZE_MAX = 256 * 1024 * 1024;

/** Undefined for what is no PE file. A broken directory stands in `faults`: a rule for which it counts says that it was unable. */
export const pe = contentView<PeFacts>({ max: SIZE_MAX, parse: (content) => (isPe(content) ? parsePe(content) : undefined) });
