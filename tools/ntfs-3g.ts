// ntfs-3g: mounts an NTFS volume in a file, without root where FUSE is allowed, and never leaves the mount behind.
import { access, constants } from 'node:fs/promises';
import { ToolError } from '../errors.ts';
import { type HeldMount, holdMount, type MountRequest } from './mount-keeper.ts';
import { missingTool, type Tool } from './tool.ts';

export const ntfs3g: Tool = {
  name: 'ntfs-3g',
  package: 'ntfs-3g',
  purpose: 'writes into NTFS volumes',
  versionArgs: ['--version'],
  versionPattern: /ntfs-3g (\d+(?:\.\d+)+)/,
  minimum: '2021.8.22',
};

/** Named streams as `file:stream`. */
const COMMON = 'no_detach,streams_interface=windows';
/** A volume that was not closed properly is refused rather than repaired. */
const WRITING = `${COMMON},norecover`;
/** The file below is not written, whatever state the volume is in. Nobody but the user looks in: ntfs-3g shows a mount to all. */
const READING = `${COMMON},ro,umask=077`;

const PLACE = {
  what: 'ntfs-3g: does not mount the volume',
  hint: 'Shut the Windows on it down fully and check it with chkdsk, then capture the disk again.',
  missing: () => missingTool(ntfs3g),
} as const;

/**
 * Mounts the volume in the file at the folder, for writing.
 * @param mark every process with it in its environment is ended with the mount
 * @throws ToolError TOOL_MISSING, FUSE_ABSENT, FUSE_DENIED, MOUNT_FAILED
 */
export async function mountNtfs(volume: string, folder: string, mark = ''): Promise<HeldMount> {
  await requireFuse();
  return holdMount({ ...PLACE, command: [ntfs3g.name, '-o', WRITING, volume, folder], folder, mark });
}

/**
 * The same for reading; `own` is a private folder that goes with the mount.
 * @throws ToolError TOOL_MISSING, FUSE_ABSENT, FUSE_DENIED, MOUNT_FAILED
 */
export async function mountNtfsReadOnly(
  volume: string,
  folder: string,
  { own, shown }: { readonly own: string; readonly shown?: MountRequest['export'] },
): Promise<HeldMount> {
  await requireFuse();
  const command = [ntfs3g.name, '-o', READING, volume, folder] as const;
  return holdMount({ ...PLACE, command: [...command], folder, own, ...(shown ? { export: shown } : {}) });
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
