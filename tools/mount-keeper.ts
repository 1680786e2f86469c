// Holds a FUSE mount through a small shell that outlives us only when it is told to: however we end, mount, export and temporary folder go.
import { type ChildProcess, spawn } from 'node:child_process';
import { ToolError } from '../errors.ts';
import { makeScratch, removeScratch } from './scratch.ts';

/** How the keeper names itself in its arguments; the mounted folder is the next one. */
export const KEEPER_NAME = 'wtgforge-mount';
/** The variable that marks a foreign program and all that it starts. */
export const MARK_VARIABLE = 'WTGFORGE_ON_MOUNT';

/**
 * What runs in the mount is ended, then the mount, then the export below it, then the temporary folder. It waits for its input to end, which it
 * does when we unmount or die; the word `keep` lets it go on until somebody unmounts. The programs are its children, so that the end of
 * the unmount is the end of the last write; they get SIGTERM, which unmounts, should the shell itself be killed. What they say goes through a
 * pipe that is always read: a mount that is kept has nobody to talk to. A trap, and not an ignored signal, which the programs would
 * inherit. 75: cannot be unmounted.
 */
const KEEPER = `
trap '' INT HUP
trap : TERM
folder=$1 own=$2 mark=$3 exported=$4 blockdev=$5 export=$6
shift 6
fs= q=
finish() {
  [ -z "$q" ] || { kill -TERM "$q" 2>/dev/null; wait "$q" 2>/dev/null; }
  wait "$reader"
  rm -rf -- "$own"
  exit "$1"
}
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }
kill_marked() {
  [ -n "$mark" ] || return 0
  for p in /proc/[0-9]*; do
    if grep -aqs "${MARK_VARIABLE}=$mark" "$p/environ"; then kill -KILL "\${p#/proc/}" 2>/dev/null; fi
  done
}
mkfifo -m 600 "$own/said"
{ head -c 4000 >&2 2>/dev/null; exec cat >/dev/null; } <"$own/said" &
reader=$!
exec 4>"$own/said"
if [ -n "$exported" ]; then
  setpriv --pdeathsig TERM qemu-storage-daemon --blockdev "$blockdev" --export "$export" >&4 2>&4 </dev/null & q=$!
  until [ -s "$exported" ]; do
    alive "$q" || { wait "$q"; code=$?; q=; exec 4>&-; finish "$code"; }
    sleep 0.02
  done
fi
setpriv --pdeathsig TERM "$@" >&4 2>&4 </dev/null & fs=$!
exec 4>&-
until mountpoint -q "$folder"; do
  alive "$fs" || { wait "$fs"; finish "$?"; }
  sleep 0.02
done
echo mounted
IFS= read -r word
if [ "$word" = keep ]; then
  exec </dev/null >/dev/null 2>&1
  trap 'kill -TERM "$fs"' TERM
  while alive "$fs"; do wait "$fs"; done
  finish 0
fi
kill_marked
tries=0
while alive "$fs"; do
  umount "$folder" 2>/dev/null || fusermount -u "$folder" 2>/dev/null || fusermount3 -u "$folder" 2>/dev/null && break
  tries=$((tries + 1))
  if [ "$tries" -gt 50 ]; then
    umount -l "$folder" 2>/dev/null || fusermount -uz "$folder" 2>/dev/null || fusermount3 -uz "$folder" 2>/dev/null
    kill -KILL "$fs"
    finish 75
  fi
  [ "$tries" -gt 3 ] || kill_marked
  sleep 0.1
done
wait "$fs"
finish "$?"
`;
const BUSY = 75;

export interface MountRequest {
  /** The program that makes the mount and stays with it, in the foreground. */
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  /** For messages: `ntfs-3g: does not mount the volume`. */
  readonly what: string;
  readonly hint: string;
  /** The error for a program that is not there. */
  readonly missing: () => ToolError;
  /** A private folder of `makeScratch` that goes with the mount; one is made unless given. */
  readonly own?: string;
  /** Every process whose environment holds the mark is ended before the mount. */
  readonly mark?: string;
  /** A file that a qemu-storage-daemon shows first, and what it is to show there. */
  readonly export?: { readonly file: string; readonly blockdev: string; readonly export: string };
}

export interface HeldMount {
  readonly folder: string;
  /** Returns when everything is written and nothing is left. @throws ToolError MOUNT_BUSY, TOOL_FAILED */
  unmount(): Promise<void>;
  /** From now on it stays until somebody unmounts it, and we need not. */
  keep(): void;
}

/** @throws ToolError MOUNT_FAILED, TOOL_MISSING; then nothing is left */
export async function holdMount(request: MountRequest): Promise<HeldMount> {
  const { folder, command } = request;
  const own = request.own ?? (await makeScratch());
  const { file = '', blockdev = '', export: shown = '' } = request.export ?? {};
  const child = spawn('sh', ['-c', KEEPER, KEEPER_NAME, folder, own, request.mark ?? '', file, blockdev, shown, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  const said: Buffer[] = [];
  child.stderr!.on('data', (piece: Buffer) => said.push(piece));
  child.stdin!.on('error', () => undefined); // it has ended by itself; its exit code says why
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const code = await Promise.race([ended, mounted(child)]);
  if (code !== undefined) {
    await closed;
    await removeScratch(own);
    if (code === 127) throw request.missing();
    throw new ToolError('MOUNT_FAILED', `${request.what} (${textOf(said) || `exit code ${code}`})`, { hint: request.hint });
  }
  return {
    folder,
    async unmount() {
      child.stdin!.end();
      const exit = await ended;
      child.stdout!.destroy(); // a mount that is busy may still hold them
      child.stderr!.destroy();
      await removeScratch(own);
      if (exit === BUSY) throw mountBusy(folder);
      if (exit !== 0)
        throw new ToolError('TOOL_FAILED', `${command[0]}: ended badly (exit code ${exit}${textOf(said) ? `, ${textOf(said)}` : ''})`);
    },
    keep() {
      child.stdin!.end('keep\n');
      child.stdout!.destroy();
      child.stderr!.destroy();
      child.unref();
    },
  };
}

export function mountBusy(folder: string, cause?: unknown): ToolError {
  return new ToolError('MOUNT_BUSY', `${folder}: cannot be unmounted, a program still uses it`, {
    hint: 'End the program that works in it.',
    cause,
  });
}

/** What a tool says on its way down; wimlib-imagex in the foreground says much else. */
function textOf(said: readonly Buffer[]): string {
  const lines = Buffer.concat(said).toString().trim().split('\n');
  const errors = lines.filter((line) => /^(?:ERROR|fuse: |fusermount3?: )/.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 3).join(' / ');
}

function mounted(child: ChildProcess): Promise<undefined> {
  return new Promise((resolve) => child.stdout!.once('data', () => resolve(undefined)));
}
