// 7-Zip: what an archive holds, listed through node-7z, and the content of its members as a stream. Nothing is unpacked to disk.
import { ToolError } from '../errors.ts';
import { streamTool } from './stream-tool.ts';
import { missingTool, type Tool } from './tool.ts';

export const sevenZip: Tool = {
  name: '7zz',
  package: '7zip',
  purpose: 'opens archives that lie inside an image',
  versionArgs: ['i'],
  versionPattern: /7-Zip \(z\) (\d+\.\d+)/,
};

/** An archive of so many names is a bomb or a backup; what comes after is not listed and the caller is told. */
const MEMBERS_MAX = 200_000;
/** A line of the listing: 7-Zip cuts no name, a zip holds names of 64 KiB. */
const LINE_MAX = 256 * 1024;
/** A listing of a real archive takes milliseconds. */
const LIST_SECONDS_MAX = 60;
/** At the slowest a megabyte a second, for as much as is read of one archive. */
const EXTRACT_SECONDS_MAX = 1200;
/** An archive says how much memory its unpacking takes; a dictionary of 4 GiB is refused. */
const MEMORY = '-smemx512m';
/** A password keeps 7-Zip from asking for one. */
const NO_PASSWORD = '-p-';
/** Named streams of WIM and NTFS are members, `file:stream`; without this they are written and not listed. */
const STREAMS = '-sns';
const STDERR_MAX = 4096;

export interface ArchiveMember {
  /** As the archive says it, with line ends and other control characters that would break a listing shown as `_`. */
  readonly name: string;
  readonly folder: boolean;
  /** Undefined when the archive does not say. */
  readonly size: number | undefined;
  readonly encrypted: boolean;
}

export interface ArchiveListing {
  /** In the order in which `extractArchive` hands out their content. */
  readonly members: readonly ArchiveMember[];
  /** False when there are more than we take. */
  readonly complete: boolean;
}

/** Why an archive could not be opened, as the codes of a ToolError say it. */
export type ArchiveFault = 'ARCHIVE_ENCRYPTED' | 'ARCHIVE_UNSUPPORTED' | 'ARCHIVE_DAMAGED' | 'ARCHIVE_SLOW';

/**
 * What the archive holds.
 * @param type 7-Zip's name of the format, so that it does not guess
 * @throws ToolError TOOL_MISSING, or with the code of an ArchiveFault
 */
export async function listArchive(path: string, type?: string, signal?: AbortSignal): Promise<ArchiveListing> {
  signal?.throwIfAborted();
  // Loaded when it is needed: most lints open no archive.
  const { default: node7z } = await import('node-7z');
  const stream = node7z.list(path, {
    $bin: sevenZip.name,
    password: '-',
    techInfo: true,
    // Without headers: the comment of an archive stands there as it is, and could hold lines that look like members.
    $raw: ['-ba', STREAMS, ...(type === undefined ? [] : [`-t${type}`])],
    $spawnOptions: { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  });
  const child = stream._childProcess;
  // node-7z reads a line of dashes as the end of the headers, wherever it stands: its reader is taken off, ours takes nothing but `name = value`.
  child.stdout!.removeAllListeners('data');
  const listing = new ListingReader();
  let stderr = '';
  let stopped: 'members' | 'time' | undefined;
  const stop = (why: 'members' | 'time'): void => {
    stopped ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop('time'), LIST_SECONDS_MAX * 1000);
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        if (!listing.take(chunk)) stop('members');
      });
      child.stderr!.on('data', (chunk: Buffer) => {
        if (stderr.length < STDERR_MAX) stderr += chunk.toString('latin1');
      });
      stream.on('error', () => {}); // stderr says it
      stream.resume();
      child.on('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? missingTool(sevenZip) : error));
      child.on('close', resolve);
    });
    signal?.throwIfAborted();
    if (stopped === 'time') throw new ToolError('ARCHIVE_SLOW', `archive: cannot be listed (it took longer than ${LIST_SECONDS_MAX} s)`);
    if (stopped === undefined && code !== 0) throw faultOf(stderr);
  } finally {
    clearTimeout(timer);
    process.off('exit', end);
    signal?.removeEventListener('abort', end);
  }
  return { members: listing.end(), complete: stopped === undefined };
}

/**
 * The content of the members, one behind the other in the order of the listing without anything between them; folders have none.
 * @param only the one member to hand out, by its name in the listing
 * @throws ToolError TOOL_MISSING, or with the code of an ArchiveFault after the last byte that could be read
 */
export async function* extractArchive(
  path: string,
  given: { readonly type?: string | undefined; readonly only?: string; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array> {
  const { type, only, signal } = given;
  const late = AbortSignal.timeout(EXTRACT_SECONDS_MAX * 1000);
  const args = [
    'x',
    '-so',
    '-bd',
    '-ssc',
    '-spd',
    '-mmt1',
    NO_PASSWORD,
    MEMORY,
    STREAMS,
    ...(type === undefined ? [] : [`-t${type}`]),
    '--',
    path,
  ];
  if (only !== undefined) args.push(only);
  try {
    yield* streamTool(sevenZip, args, { signal: signal ? AbortSignal.any([signal, late]) : late });
  } catch (error) {
    signal?.throwIfAborted();
    if (late.aborted) throw new ToolError('ARCHIVE_SLOW', `archive: cannot be read (it took longer than ${EXTRACT_SECONDS_MAX} s)`);
    if (!(error instanceof ToolError) || error.code !== 'TOOL_FAILED') throw error;
    throw faultOf((error.cause as { readonly stderr?: string } | undefined)?.stderr ?? '');
  }
}

/** Lines of `7zz l -ba -slt`: a block of `Property = value` for each member, beginning with its path. */
class ListingReader {
  private readonly members: ArchiveMember[] = [];
  private rest: Buffer = Buffer.alloc(0);
  private block: Map<string, string> | undefined;

  /** False when there is more than we take. */
  take(chunk: Buffer): boolean {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const end = bytes.lastIndexOf(0x0a);
    if (end < 0) {
      this.rest = bytes;
      return bytes.length <= LINE_MAX;
    }
    this.rest = Buffer.from(bytes.subarray(end + 1));
    for (const line of bytes.toString('utf8', 0, end).split('\n')) this.line(line);
    return this.members.length < MEMBERS_MAX;
  }

  end(): readonly ArchiveMember[] {
    if (this.rest.length > 0) this.line(this.rest.toString('utf8'));
    this.close();
    return this.members.slice(0, MEMBERS_MAX);
  }

  private line(line: string): void {
    if (line === '') {
      this.close();
      return;
    }
    const [, property, value] = /^([A-Z][A-Za-z0-9 _-]{0,40}) = (.*)$/s.exec(line) ?? [];
    if (property === undefined) return;
    this.block ??= new Map();
    if (!this.block.has(property)) this.block.set(property, value!); // the first one counts: the path comes first
  }

  private close(): void {
    const { block } = this;
    this.block = undefined;
    const name = block?.get('Path');
    if (!block || name === undefined) return;
    const size = block.get('Size') ?? '';
    const attributes = block.get('Attributes') ?? '';
    this.members.push({
      name,
      folder: block.get('Folder') === '+' || /^D/.test(attributes),
      size: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
      encrypted: block.get('Encrypted') === '+',
    });
  }
}

function faultOf(stderr: string): ToolError {
  const fault = (code: ArchiveFault, why: string) => new ToolError(code, `archive: cannot be opened (${why})`, { cause: { stderr } });
  if (/wrong password|encrypted/i.test(stderr)) return fault('ARCHIVE_ENCRYPTED', 'it is encrypted');
  if (/memory usage|can't allocate|cannot allocate|not enough memory/i.test(stderr))
    return fault('ARCHIVE_UNSUPPORTED', 'unpacking it takes too much memory');
  if (/unsupported (?:method|feature|command|archive)/i.test(stderr))
    return fault('ARCHIVE_UNSUPPORTED', '7-Zip does not know its method of compression');
  return fault('ARCHIVE_DAMAGED', 'it is damaged');
}
