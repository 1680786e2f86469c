// wtgforge mount: a read-only look inside any container.
import { ConfigError } from '../../errors.ts';
import { mountContainer } from '../../image/mount.ts';
import { type Command, EXIT } from '../command.ts';
import { imageNumber } from '../image-number.ts';
import { printable } from '../printable.ts';

export const mount: Command = {
  id: 'mount',
  summary: 'Show an image of any container as a folder, read-only.',
  description: `Mounts one image of a WIM, ESD, split WIM, ISO, VHD, VHDX, qcow2 or raw disk at an empty folder and returns; the mount stays until
"wtgforge unmount DIR". The container is only read. Needs FUSE. ESD, split WIM, ISO and FAT volumes are unpacked into a temporary file first,
and so are NTFS volumes for users other than root; the file goes with the mount. Links in the image lead where they say, also out of
the folder: do not follow them. Exit status 2 when it cannot be mounted; then nothing is left behind.`,
  positional: { name: 'CONTAINER DIR', required: true, most: 2, description: 'The file to look into, and an empty folder.' },
  options: { image: { type: 'string', value: 'N', description: 'The image to show (needed when the container holds several).' } },
  async run(input, io) {
    const [container, folder] = input.positionals;
    if (container === undefined || folder === undefined) {
      throw new ConfigError('ARGUMENTS_WRONG', 'mount: needs a container and a folder', { hint: 'See "wtgforge mount --help".' });
    }
    const number = input.text('image');
    const index = number === undefined ? undefined : imageNumber('--image', number);
    const { info, notes } = await mountContainer(container, folder, { index, signal: io.signal });
    io.out(`${printable(folder)}: image ${info.index} of ${printable(container)} (${printable(info.name || info.edition)}), read-only\n`);
    for (const note of notes) io.err(`note: ${note}\n`);
    io.err(`"wtgforge unmount ${printable(folder)}" ends it\n`);
    return EXIT.done;
  },
};
