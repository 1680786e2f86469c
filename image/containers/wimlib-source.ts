// Contents of a WIM as wimlib-imagex writes them into a named pipe, one behind the other: the known sizes part them.
import { closeSync, readSync } from 'node:fs';
import { type Extraction, extractToFifo } from '../../tools/wimlib-fifo.ts';
import { type BlobSource, type SourceBlob, SourceEnded } from './blob-source.ts';

const PIECE = 1024 * 1024;

export class WimlibSource implements BlobSource {
  private readonly wim: string;
  private readonly index: number;
  private readonly buffer = Buffer.allocUnsafeSlow(PIECE);
  private extraction: Extraction | undefined;
  /** Contents that the tool is still to write. */
  private left = 0;
  /** The tool ended by itself before it had written all. */
  private over = false;

  constructor(wim: string, index: number) {
    this.wim = wim;
    this.index = index;
  }

  async begin(blobs: readonly SourceBlob[]): Promise<void> {
    await this.end();
    this.left = blobs.length;
    this.over = false;
    if (blobs.length > 0)
      this.extraction = await extractToFifo(
        this.wim,
        this.index,
        blobs.map(({ listed }) => listed),
      );
  }

  read(_: SourceBlob, output: Uint8Array): void {
    this.left--;
    this.fill(output, 0);
  }

  *pieces({ resource }: SourceBlob): Iterable<Uint8Array> {
    this.left--;
    for (let done = 0; done < resource.uncompressedSize; ) {
      const piece = this.buffer.subarray(0, Math.min(PIECE, resource.uncompressedSize - done));
      this.fill(piece, done);
      done += piece.length;
      yield piece;
    }
  }

  async end(): Promise<string | undefined> {
    const { extraction } = this;
    if (!extraction) return undefined;
    this.extraction = undefined;
    const early = this.left > 0 && !this.over;
    const more = this.left === 0 && !this.over && readSync(extraction.fd, this.buffer, 0, 1, null) > 0;
    if (early || more) extraction.stop();
    closeSync(extraction.fd);
    const failure = await extraction.ended();
    return more ? 'wimlib-imagex wrote more than it was asked for' : failure;
  }

  private fill(output: Uint8Array, before: number): void {
    for (let done = 0; done < output.length; ) {
      const got = this.extraction ? readSync(this.extraction.fd, output, done, output.length - done, null) : 0;
      if (got === 0) {
        this.over = true;
        throw new SourceEnded('wimlib-imagex ended too early', before + done > 0);
      }
      done += got;
    }
  }
}
