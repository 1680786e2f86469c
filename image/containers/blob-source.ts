// The one interface behind which contents of a WIM are read in a row: by libwim in this process, or by wimlib-imagex beside it.
import type { ResourceHeader } from '../../formats/wim/model.ts';

export interface SourceBlob {
  readonly resource: ResourceHeader;
  /** For wimlib-imagex; '' when it cannot name the content. */
  readonly listed: string;
}

/** A content that could not be read; the next one may be fine. */
export class BlobFailure extends Error {
  override name = 'BlobFailure';
}

/** The source gives nothing more until it is begun anew. */
export class SourceEnded extends BlobFailure {
  override name = 'SourceEnded';
  /** True when bytes of the content had come: it is the one that cannot be read. */
  readonly begun: boolean;

  constructor(message: string, begun: boolean) {
    super(message);
    this.begun = begun;
  }
}

/** Reads without waiting: it belongs to a process that does nothing else. */
export interface BlobSource {
  /** These contents come next, in this order; each is then asked for once, by `read` or `pieces`. What was begun before is dropped. */
  begin(blobs: readonly SourceBlob[]): Promise<void>;
  /** Fills `output`, which has the size of the content. @throws BlobFailure */
  read(blob: SourceBlob, output: Uint8Array): void;
  /**
   * The content piece by piece; the bytes hold until the next piece. A piece may be made in what `room` gives for so many bytes, which spares a copy.
   * @throws BlobFailure
   */
  pieces(blob: SourceBlob, room?: (size: number) => Uint8Array | undefined): Iterable<Uint8Array>;
  /** After the last one. The reason why the contents may not be what they seem, or undefined. */
  end(): Promise<string | undefined>;
}
