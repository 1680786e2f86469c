// The script of a reader process: takes jobs from its input until that ends, and answers on a descriptor of its own.
import { encodeFrame, type Frame, FrameReader } from '../formats/frame.ts';
import { LibwimSource } from '../image/containers/libwim-source.ts';
import { StoredBytes } from '../image/containers/stored-bytes.ts';
import { WimlibSource } from '../image/containers/wimlib-source.ts';
import { GarbageLimit } from '../tools/garbage.ts';
import { nativeDecoder } from '../tools/libwim.ts';
import { AnswerChannel } from './answer-channel.ts';
import { decodeEntries } from './cache-entries.ts';
import { Reader } from './reader.ts';
import { type Answer, decodeWanted, type ReaderSetup } from './reader-job.ts';
import { loadSignatures } from './signatures.ts';

const [ANSWERS, STORE] = [3, 4];
/** Bytes of answers that are done with and not collected yet. */
const GARBAGE_MAX = 4 * 1024 * 1024;
const answers = new AnswerChannel(ANSWERS);
let reader: Reader | undefined;
const frames = new FrameReader();
const garbage = new GarbageLimit(GARBAGE_MAX);
for await (const piece of process.stdin) {
  for (const { head, body } of frames.push(piece)) {
    if (reader) await reader.work(decodeWanted(body, (head as { listed: readonly string[] }).listed));
    else reader = await readerOf(head as ReaderSetup, body);
    garbage.look();
  }
}
answers.flush();

async function readerOf(setup: ReaderSetup, known: Frame['body']): Promise<Reader> {
  const { store } = setup;
  const texts = new Map(setup.signatures);
  const needs = new Map(
    Object.entries(setup.needs).map(([name, { forms, without }]) => [
      name,
      { forms: forms.map((form) => Buffer.from(form, 'hex')), without },
    ]),
  );
  const signatures = await loadSignatures([...texts.keys()], async (name) => texts.get(name)!, needs);
  const stored = new StoredBytes(STORE);
  // Nothing to decode needs no library.
  const decode = store.compression === 'none' ? () => false : await nativeDecoder(store.compression, store.chunkSize);
  const lists = setup.source === 'wimlib-imagex' || decode === undefined;
  const source = lists ? new WimlibSource(store.path, store.index) : new LibwimSource(stored, store.chunkSize, decode);
  answer({ type: 'ready', source: lists ? 'wimlib-imagex' : 'libwim' });
  return new Reader({
    setup,
    wishes: { signatures: signatures.empty ? undefined : signatures, keys: setup.keys },
    source,
    lists,
    stored,
    known: decodeEntries(known) ?? new Map(),
    answer,
  });
}

function answer(head: Answer, body?: Uint8Array): void {
  answers.push(encodeFrame(head, body));
}
