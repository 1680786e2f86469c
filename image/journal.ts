// The journal: what the steps want changed, in order, each entry with its step. Nothing is written here; commit plays it.
import { ImageError, StepError } from '../errors.ts';
import { looksLikeXml, XML_MAX_BYTES } from '../formats/xml/decode.ts';
import { checkNewPath, checkPath } from './checked-path.ts';
import type { Change, Draft } from './draft.ts';
import { filesAt, valuesBelow, xmlOf } from './going.ts';
import { HiveOverlay } from './hive-overlay.ts';
import { hivePath } from './hive-path.ts';
import type { FileEdit, Hive, HiveEdit, HiveName, Image, ImageFile, RegistryValue } from './image.ts';
import { Intents } from './intents.ts';
import { pathGlobs } from './path-globs.ts';
import { sameStored, storedValue, valueFault } from './registry-value.ts';

export interface Journal {
  readonly image: Image;
  readonly changes: readonly Change[];
  /** The draft as one step sees it: it reads the writes of all steps before it. */
  draft(step: string): Draft;
  /** Registry edits by hive, in the order in which they were made. */
  readonly hiveEdits: ReadonlyMap<HiveName, readonly HiveEdit[]>;
  /** File edits, one for each path. */
  readonly fileEdits: readonly FileEdit[];
}

interface PendingFile {
  readonly path: string;
  readonly step: string;
  readonly content: Uint8Array | undefined; // undefined: removed
  readonly secret?: boolean;
}

export function createJournal(image: Image): Journal {
  return new ImageJournal(image);
}

class ImageJournal implements Journal {
  readonly image: Image;
  readonly changes: Change[] = [];
  readonly hiveEdits = new Map<HiveName, HiveEdit[]>();
  readonly files = new Map<string, PendingFile>();
  /** By lower-case path: the steps that have read the pending content of it, and so may replace it knowingly. */
  readonly readers = new Map<string, Set<string>>();
  private readonly overlays = new Map<HiveName, Promise<HiveOverlay>>();
  readonly intents = new Intents();
  private readonly hiveNames = new Map<string, HiveName>();

  constructor(image: Image) {
    this.image = image;
  }

  get fileEdits(): readonly FileEdit[] {
    return [...this.files.values()].map(({ path, content }) => (content ? { kind: 'write', path, content } : { kind: 'remove', path }));
  }

  draft(step: string): Draft {
    return new StepDraft(this, step);
  }

  /** One hive has one name, the first that a step gave it: `SOFTWARE` and its path, in any case, are the same. */
  nameOf(hive: HiveName): HiveName {
    const path = hivePath(hive).toLowerCase();
    const known = this.hiveNames.get(path) ?? hive;
    this.hiveNames.set(path, known);
    return known;
  }

  overlay(hive: HiveName): Promise<HiveOverlay> {
    let overlay = this.overlays.get(hive);
    if (!overlay) {
      overlay = this.image.hive(hive).then((stored) => new HiveOverlay(stored));
      this.overlays.set(hive, overlay);
    }
    return overlay;
  }

  addHiveEdit(hive: HiveName, edit: HiveEdit): void {
    const edits = this.hiveEdits.get(hive);
    if (edits) edits.push(edit);
    else this.hiveEdits.set(hive, [edit]);
  }
}

class StepDraft implements Draft {
  private readonly journal: ImageJournal;
  private readonly step: string;

  constructor(journal: ImageJournal, step: string) {
    this.journal = journal;
    this.step = step;
  }

  get info() {
    return this.journal.image.info;
  }

  get changes(): readonly Change[] {
    return this.journal.changes;
  }

  async has(path: string): Promise<boolean> {
    return (await this.find(path)) !== undefined;
  }

  async find(path: string): Promise<ImageFile | undefined> {
    const lower = path.toLowerCase();
    for (let at = lower; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const pending = this.journal.files.get(at);
      if (pending?.content && at === lower) return this.pendingFile(pending, await this.journal.image.find(path));
      if (pending && !pending.content) return undefined;
    }
    const stored = await this.journal.image.find(path);
    if (stored) return stored;
    const below = [...this.journal.files.values()].find((file) => file.content && file.path.toLowerCase().startsWith(`${lower}/`));
    return below ? pendingFolder(below.path.slice(0, path.length)) : undefined;
  }

  async read(path: string): Promise<Uint8Array> {
    const file = await this.find(path);
    if (!file || file.folder) throw new ImageError('FILE_ABSENT', `${path}: is not a file of the image`);
    return file.read();
  }

  async *walk(select?: { files?: readonly string[] }): AsyncIterable<ImageFile> {
    const wanted = select?.files ? pathGlobs(select.files) : () => true;
    const seen = new Set<string>();
    for await (const stored of this.journal.image.walk(select)) {
      seen.add(stored.path.toLowerCase());
      const now = await this.find(stored.path);
      if (now) yield now;
    }
    for (const pending of this.journal.files.values()) {
      if (pending.content && !seen.has(pending.path.toLowerCase()) && wanted(pending.path)) yield this.pendingFile(pending, undefined);
    }
  }

  hive(name: HiveName): Promise<Hive> {
    return this.journal.overlay(this.journal.nameOf(name));
  }

  async write(path: string, content: Uint8Array | string, options: { readonly secret?: boolean } = {}): Promise<void> {
    checkPath(path);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const lower = path.toLowerCase();
    if (!(bytes instanceof Uint8Array))
      throw new StepError('CONTENT_WRONG', `${this.step}: writes ${path} with what is neither text nor bytes (${typeof content})`);
    const before = await this.find(path);
    if (!before) await checkNewPath(path, (above) => this.find(above));
    if (before?.folder) {
      throw new ImageError('PATH_IS_FOLDER', `${path}: cannot be written (a folder stands there)`, {
        hint: 'Write a file inside it, or choose another path.',
      });
    }
    const pending = this.journal.files.get(lower);
    const knows = !pending || pending.step === this.step || this.journal.readers.get(lower)?.has(this.step);
    const isXml = looksLikeXml(bytes);
    // Not through `find`: a look at it for the report is no reading of it by the step.
    const compared = before && (before.size === bytes.length || (isXml && before.size <= XML_MAX_BYTES));
    const old = compared ? (pending?.content ?? (await before.read())) : undefined;
    if (old && Buffer.compare(old, bytes) === 0) return;
    if (!knows) {
      throw new StepError('CHANGE_CONFLICT', `${this.step}: writes ${path} without having read what ${pending?.step} wrote there`, {
        hint: `Leave ${pending?.step} or ${this.step} out, or give one of them another place.`,
      });
    }
    const stored = before?.path ?? path;
    // Who puts more into a file with a secret does not make it public.
    const secret = (options.secret ?? false) || (pending?.secret ?? false);
    this.journal.files.set(lower, { path: stored, step: this.step, content: bytes, secret });
    this.journal.changes.push({
      step: this.step,
      kind: 'write',
      path: stored,
      size: bytes.length,
      secret,
      before: before && { size: before.size, secret: pending?.secret ?? false },
      xml: isXml ? { before: old && looksLikeXml(old) ? old : undefined, after: bytes } : undefined,
    });
  }

  async remove(path: string): Promise<void> {
    checkPath(path);
    const file = await this.find(path);
    if (!file) return;
    const lower = path.toLowerCase();
    const isLost = (other: PendingFile) => other.step !== this.step && other.content !== undefined;
    const pending = [...this.journal.files].find(([at, other]) => (at === lower || at.startsWith(`${lower}/`)) && isLost(other))?.[1];
    if (pending) {
      throw new StepError('CHANGE_CONFLICT', `${this.step}: removes ${path}, but ${pending.step} has just written ${pending.path}`, {
        hint: `Leave ${pending.step} or ${this.step} out, or give one of them another place.`,
      });
    }
    const files = await filesAt(this, file);
    const content = this.journal.files.get(lower)?.content ?? (await xmlOf(file));
    for (const below of [...this.journal.files.keys()]) if (below.startsWith(`${lower}/`)) this.journal.files.delete(below);
    if (await this.journal.image.has(path)) this.journal.files.set(lower, { path: file.path, step: this.step, content: undefined });
    else this.journal.files.delete(lower);
    const xml = content && looksLikeXml(content) ? { before: content, after: undefined } : undefined;
    this.journal.changes.push({ step: this.step, kind: 'remove', path: file.path, folder: file.folder, files, xml });
  }

  async setValue(
    asked: HiveName,
    key: string,
    name: string,
    value: RegistryValue,
    options: { readonly secret?: boolean } = {},
  ): Promise<void> {
    const hive = this.journal.nameOf(asked);
    const fault = valueFault(value);
    if (fault !== undefined) {
      // Without the value: it may be a secret.
      throw new StepError('VALUE_WRONG', `${this.step}: sets ${hive}\\${key}!${name} to what no registry value holds (${fault})`, {
        hint: 'Mend the step: { type, data } must fit together.',
      });
    }
    const overlay = await this.journal.overlay(hive);
    const stored = storedValue(name, value);
    this.journal.intents.set(this.step, `${hive}\\${key}`, name, stored, options.secret);
    const before = overlay.value(key, name);
    if (sameStored(before, stored)) return;
    overlay.setValue(key, stored);
    this.journal.addHiveEdit(hive, { kind: 'set-value', key, name, value });
    this.journal.changes.push({ step: this.step, kind: 'set-value', hive, key, name, value, secret: options.secret ?? false, before });
  }

  async deleteValue(asked: HiveName, key: string, name: string, options: { readonly residue?: boolean } = {}): Promise<void> {
    const hive = this.journal.nameOf(asked);
    const overlay = await this.journal.overlay(hive);
    if (!options.residue) this.journal.intents.set(this.step, `${hive}\\${key}`, name, undefined);
    const before = overlay.value(key, name);
    if (!before) return;
    overlay.deleteValue(key, name);
    this.journal.addHiveEdit(hive, { kind: 'delete-value', key, name });
    this.journal.changes.push({ step: this.step, kind: 'delete-value', hive, key, name, before });
  }

  async removeKey(asked: HiveName, key: string): Promise<void> {
    const hive = this.journal.nameOf(asked);
    if (key === '') throw new ImageError('KEY_IS_ROOT', `${hive}: the root key cannot be removed`);
    const overlay = await this.journal.overlay(hive);
    if (!overlay.has(key)) return;
    this.journal.intents.removeKey(this.step, `${hive}\\${key}`);
    const values = valuesBelow(overlay, key);
    overlay.removeKey(key);
    this.journal.addHiveEdit(hive, { kind: 'remove-key', key });
    this.journal.changes.push({ step: this.step, kind: 'remove-key', hive, key, values });
  }

  async makeKey(asked: HiveName, key: string): Promise<void> {
    const hive = this.journal.nameOf(asked);
    const overlay = await this.journal.overlay(hive);
    this.journal.intents.makeKey(this.step, `${hive}\\${key}`);
    if (overlay.has(key)) return;
    overlay.makeKey(key);
    this.journal.addHiveEdit(hive, { kind: 'make-key', key });
    this.journal.changes.push({ step: this.step, kind: 'make-key', hive, key });
  }

  private pendingFile(pending: PendingFile, stored: ImageFile | undefined): ImageFile {
    const { journal, step } = this;
    const content = pending.content ?? new Uint8Array();
    const lower = pending.path.toLowerCase();
    return {
      ...(stored ?? newFile(pending.path)),
      // Not a property of its own in every kind of image.
      links: stored?.links ?? [],
      size: content.length,
      digest: undefined,
      async read(stream) {
        if (stream !== undefined) return stored ? stored.read(stream) : new Uint8Array();
        const readers = journal.readers.get(lower) ?? new Set();
        journal.readers.set(lower, readers.add(step));
        return content;
      },
    };
  }
}

function newFile(path: string): ImageFile {
  return {
    path,
    folder: false,
    size: 0,
    attributes: 0x20,
    shortName: '',
    digest: undefined,
    descriptor: undefined,
    reparse: undefined,
    streams: [],
    links: [],
    read: async () => new Uint8Array(),
  };
}

function pendingFolder(path: string): ImageFile {
  return { ...newFile(path), folder: true, attributes: 0x10 };
}
