// The view of programs that stand behind something else: a picture, an archive, another program.
import { FormatError } from '../../formats/bytes.ts';
import { carvePe } from '../../formats/pe/carve.ts';
import { parsePe } from '../../formats/pe/facts.ts';
import type { PeFacts } from '../../formats/pe/model.ts';
import { contentView } from '../view.ts';

/** As the view of programs has it. */
const SIZE_MAX = 256 * 1024 * 1024;

export interface CarvedProgram {
  readonly offset: number; // in the content
  readonly facts: PeFacts;
}

/** Undefined when there is none. What does not stand up as a program is left out: its letters are there by chance. */
export const carved = contentView<readonly CarvedProgram[]>({
  max: SIZE_MAX,
  parse(content) {
    const found = carvePe(content).flatMap(({ offset }) => {
      const facts = factsAt(content, offset);
      return facts ? [{ offset, facts }] : [];
    });
    return found.length > 0 ? found : undefined;
  },
});

function factsAt(content: Uint8Array, offset: number): PeFacts | undefined {
  try {
    return parsePe(content.subarray(offset));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
