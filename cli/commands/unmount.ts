// wtgforge unmount: ends what "wtgforge mount" began.
import { unmountKept } from '../../tools/kept-mount.ts';
import { type Command, EXIT } from '../command.ts';
import { printable } from '../printable.ts';

export const unmount: Command = {
  id: 'unmount',
  summary: 'End a mount that "wtgforge mount" has made.',
  description: `Returns when the mount, its processes and its temporary files are gone. Exit status 2 when a program still uses the folder: then the mount
stays as it is; and when the folder is no mount that wtgforge has made.`,
  positional: { name: 'DIR', required: true, description: 'The folder that was given to "wtgforge mount".' },
  options: {},
  async run(input, io) {
    await unmountKept(input.positional!);
    io.out(`${printable(input.positional!)}: unmounted\n`);
    return EXIT.done;
  },
};
