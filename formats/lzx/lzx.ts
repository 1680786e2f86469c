// LZX as WIM files use it: each chunk stands alone, the window is the chunk, E8 call targets are always translated.
// It is decoded in WebAssembly: what damaged data can reach is the memory of the decoder alone.
import { FormatError } from '../bytes.ts';
import { instanceOf } from '../wasm.ts';
import type { ChunkDecoder } from '../wim/model.ts';
import { COMPILED } from './compiled.ts';

const FORMAT = 'LZX data';
const WINDOW_ORDER_MIN = 15;
const WINDOW_ORDER_MAX = 21;

/** What assembly/index.ts exports; addresses are offsets in `memory`. */
interface Decoder extends Readonly<Record<'INPUT' | 'OUTPUT' | Fault, { readonly value: number }>> {
  readonly memory: { readonly buffer: ArrayBuffer };
  decode(size: number, outSize: number, order: number): number;
}

type Fault = 'BLOCK_FAULT' | 'CODES_FAULT' | 'MATCH_FAULT' | 'TYPE_FAULT' | 'END_FAULT';

const FAULTS: Readonly<Record<Fault, string>> = {
  BLOCK_FAULT: 'a block does not fit',
  CODES_FAULT: 'a Huffman code is wrong',
  MATCH_FAULT: 'a match lies outside, or a block ends too early',
  TYPE_FAULT: 'a block has a type that is not known',
  END_FAULT: 'a chunk ends too early',
};

let made: { readonly decoder: Decoder; readonly memory: Uint8Array } | undefined;

/** One for the process: nothing is kept from chunk to chunk. */
function theDecoder(): NonNullable<typeof made> {
  if (!made) {
    const decoder = instanceOf<Decoder>(COMPILED);
    made = { decoder, memory: new Uint8Array(decoder.memory.buffer) };
  }
  return made;
}

/** A decoder for chunks of at most `chunkSize` bytes, up to 2 MiB. */
export function lzxDecoder(chunkSize: number): ChunkDecoder {
  const order = Math.max(WINDOW_ORDER_MIN, Math.ceil(Math.log2(chunkSize)));
  if (order > WINDOW_ORDER_MAX) throw new FormatError(FORMAT, `a window of ${chunkSize} bytes is too large`);
  return (input, output) => {
    for (const { length } of [input, output])
      if (length > chunkSize) throw new FormatError(FORMAT, `a chunk of ${length} bytes is too large`);
    const { decoder, memory } = theDecoder();
    memory.set(input, decoder.INPUT.value);
    const fault = decoder.decode(input.length, output.length, order);
    if (fault !== 0) throw new FormatError(FORMAT, faultOf(decoder, fault));
    output.set(memory.subarray(decoder.OUTPUT.value, decoder.OUTPUT.value + output.length));
  };
}

function faultOf(decoder: Decoder, fault: number): string {
  const name = (Object.keys(FAULTS) as Fault[]).find((one) => decoder[one].value === fault)!;
  return FAULTS[name];
}
