// ntfs-3g: mounts an NTFS volume in a file for writing, without root where FUSE is allowed, and never leaves the mount behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { ToolError } from '../errors.ts';
import { missingTool, type Tool } from './tool.ts';

export const ntfs3g: Tool = {
  name: 'ntfs-3g',
  package: 'ntfs-3g',
  purpose: 'writes into NTFS volumes',
  versionArgs: ['--version'],
  versionPattern: /ntfs-3g (\d+(?:\.\d+)+)/,
  minimum: '2021.8.22',
};

export interface NtfsMount {
  readonly folder: string;
  /** Returns when everything is in the file. @throws ToolError MOUNT_BUSY, TOOL_FAILED */
  unmount(): Promise<void>;
}

/** Named streams as `file:stream`; a volume that was not closed properly is refused rather than repaired. */
const OPTIONS = 'no_detach,streams_interface=windows,norecover';

/**
 * The shell holds the mount and waits for its input to end, which it does when we unmount or die, however that happens. ntfs-3g stays its child,
 * so that the end of the unmount is the end of the last write. 75: cannot be unmounted.
 */
const KEEPER = `
trap '' INT TERM HUP
ntfs-3g -o "$1" "$2" "$3" >&2 3>&- & pid=$!
while ! mountpoint -q "$3"; do
  [ -d "/proc/$pid" ] || { wait "$pid"; exit $?; }
  sleep 0.02
done
echo mounted
read -r _
tries=0
until umount "$3" 2>/dev/null || fusermount -u "$3" 2>/dev/null || fusermount3 -u "$3" 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -gt 50 ]; then umount -l "$3" 2>/dev/null || fusermount -uz "$3" 2>/dev/null; exit 75; fi
  sleep 0.1
done
wait "$pid"
`;
const BUSY = 75;

/**
 * Mounts the volume in the file at the folder.
 * @throws ToolError TOOL_MISSING, FUSE_ABSENT, FUSE_DENIED, MOUNT_FAILED
 */
export async function mountNtfs(volume: string, folder: string, extra = ''): Promise<NtfsMount> {
  await requireFuse();
  const child = spawn('sh', ['-c', KEEPER, 'sh', `${OPTIONS}${extra}`, volume, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const said: Buffer[] = [];
  child.stderr!.on('data', (piece: Buffer) => said.push(piece));
  child.stdin!.on('error', () => undefined); // it has ended by itself; its exit code says why
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const text = () => Buffer.concat(said).toString().trim().split('\n').slice(0, 3).join(' / ');
  const code = await Promise.race([ended, mounted(child)]);
  if (code === 127) throw missingTool(ntfs3g);
  if (code !== undefined) {
    throw new ToolError('MOUNT_FAILED', `ntfs-3g: does not mount the volume (${text() || `exit code ${code}`})`, {
      hint: 'Shut the Windows on it down fully and check it with chkdsk, then capture the disk again.',
    });
  }
  return {
    folder,
    async unmount() {
      child.stdin!.end();
      const exit = await ended;
      child.stdout!.destroy(); // a mount that is busy still holds them
      child.stderr!.destroy();
      if (exit === BUSY) {
        throw new ToolError('MOUNT_BUSY', `${folder}: cannot be unmounted, a program still uses it`, {
          hint: 'End the program that works in it.',
        });
      }
      if (exit !== 0) throw new ToolError('TOOL_FAILED', `ntfs-3g: ended badly (exit code ${exit}${text() ? `, ${text()}` : ''})`);
    },
  };
}

function mounted(child: ChildProcess): Promise<undefined> {
  return new Promise((resolve) => child.stdout!.once('data', () => resolve(undefined)));
}

/** @throws ToolError FUSE_ABSENT, FUSE_DENIED */
export async function requireFuse(device = '/dev/fuse'): Promise<void> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new ToolError('FUSE_ABSENT', `${device}: is not there, so that no volume can be mounted`, {
        hint: 'Load the kernel module "fuse" (package fuse3); start a container with --device /dev/fuse and --cap-add SYS_ADMIN.',
      });
    }
    throw new ToolError('FUSE_DENIED', `${device}: may not be used by this user, so that no volume can be mounted`, {
      hint: 'Install the package fuse3, which lets every user use it, or join the group that owns it (ls -l /dev/fuse).',
    });
  }
}
