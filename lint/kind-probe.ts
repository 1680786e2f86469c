// Tells from the windows of one content as they pass whether it holds other files: by its first bytes, its last, and what lies behind a program.
import { type ArchiveKind, contentKind, KIND_BYTES, PROGRAM, TAIL_BYTES, tailKind } from '../formats/content-kind.ts';
import { embeddedArchives, MARK_SPAN, PROGRAM_HEAD, type ProgramLayout, programLayout } from '../formats/program-layout.ts';

/** What two neighbouring windows of a content share: a longer pattern may be missed at a border. */
export const OVERLAP_BYTES = 4096;
/** What a program may carry behind its sections without being more than a program: padding, a timestamp, a name. */
export const OVERLAY_MIN = 4096;

/** Only the first and the last window are looked at, and those with the overlay or the resources of a program. */
export class KindProbe {
  private found: ArchiveKind | undefined;
  private layout: ProgramLayout | undefined;
  private head: Uint8Array | undefined;
  /** The end of the window before: the last one may be shorter than what ends a zip. */
  private before: Uint8Array | undefined;

  begin(): void {
    this.found = undefined;
    this.layout = undefined;
    this.head = undefined;
    this.before = undefined;
  }

  /** A window of the content that begins at `start`; windows overlap by more than a mark is long. */
  take(data: Uint8Array, start: number, last: boolean): void {
    if (start === 0) this.takeHead(data, last);
    if (this.found) return;
    if (this.layout) this.takeProgram(data, start, last, this.layout);
    if (this.found) return;
    if (last) this.found = tailKind(this.tailOf(data, start), start + data.length);
    else this.before = data.slice(-TAIL_BYTES);
  }

  /** A program counts only when there is something in it to be opened. */
  get kind(): ArchiveKind | undefined {
    return this.found;
  }

  private takeHead(data: Uint8Array, last: boolean): void {
    const kind = contentKind(data.subarray(0, KIND_BYTES), last ? data.length : Number.MAX_SAFE_INTEGER);
    if (kind !== PROGRAM) {
      this.found = kind;
      return;
    }
    this.head = data.slice(0, PROGRAM_HEAD);
    this.layout = programLayout(this.head, Number.MAX_SAFE_INTEGER);
  }

  private takeProgram(data: Uint8Array, start: number, last: boolean, { overlay, resources }: ProgramLayout): void {
    const end = start + data.length;
    const holds = (from: number, to: number) =>
      from < end &&
      to > start &&
      embeddedArchives(data.subarray(Math.max(0, from - start - MARK_SPAN), Math.max(0, to - start)), 0).length > 0;
    const size = last ? end : Number.MAX_SAFE_INTEGER;
    if (holds(resources.start, resources.end) || holds(overlay.start, size)) this.found = PROGRAM;
    else if (last) {
      const own = programLayout(this.head!, size)?.overlay;
      if (own && own.end - own.start >= OVERLAY_MIN) this.found = PROGRAM;
    }
  }

  private tailOf(data: Uint8Array, start: number): Uint8Array {
    if (start === 0 || !this.before || data.length >= TAIL_BYTES) return data.subarray(-TAIL_BYTES);
    // The overlap stands in both.
    const joined = Buffer.concat([this.before.subarray(0, -OVERLAP_BYTES), data]);
    return joined.subarray(-TAIL_BYTES);
  }
}
