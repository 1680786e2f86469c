// wtgforge inspect: what a container holds.
import { type Inspection, inspectImage } from '../../image/inspect.ts';
import { openContainer } from '../../image/open.ts';
import type { Command, Io } from '../command.ts';
import { printable } from '../printable.ts';

export const inspect: Command = {
  id: 'inspect',
  summary: 'Show the images of a container: edition, build, generalization state, licence channel.',
  description: 'Reads only. Of a product key nothing but the last five characters is shown.',
  positional: { name: 'CONTAINER', required: true, description: 'The file to look into, such as install.wim.' },
  options: { json: { type: 'boolean', description: 'Print the facts as JSON.' } },
  async run(input, io) {
    const container = await openContainer(input.positional!);
    try {
      const images: (Inspection & { folders: number; files: number; bytes: number })[] = [];
      for (const { info, folders, files, bytes } of container.images) {
        io.signal.throwIfAborted();
        const image = await container.open(info.index);
        try {
          images.push({ ...(await inspectImage(image)), folders, files, bytes });
        } finally {
          await image.close();
        }
      }
      if (input.flag('json')) {
        const shown = { schema: 'wtgforge/inspect@1', container: { path: container.path, format: container.id }, images };
        io.out(`${JSON.stringify(shown, null, 2)}\n`);
      } else {
        io.out(`${printable(container.path)} (${container.id}), ${images.length === 1 ? '1 image' : `${images.length} images`}\n`);
        for (const image of images) printInspection(image, image, io);
      }
      return 0;
    } finally {
      await container.close();
    }
  },
};

function printInspection(image: Inspection, size: { folders: number; files: number; bytes: number }, io: Io): void {
  const { bold } = io.colours;
  const { info } = image;
  const facts: [string, string | undefined][] = [
    ['edition', info.edition],
    ['build', String(info.build)],
    ['architecture', info.architecture],
    ['product', image.productName],
    ['content', `${size.files} files in ${size.folders} folders, ${(size.bytes / 1024 / 1024).toFixed(1)} MiB`],
    ['image state', image.imageState],
    ['generalization state', image.generalizationState === undefined ? undefined : String(image.generalizationState)],
    ['licence channel', image.licenceChannel],
    ['installed key ends', image.keyEnding],
  ];
  io.out(`\n${bold(`${info.index}. ${printable(info.name)}`)}\n`);
  for (const [label, value] of facts) if (value !== undefined) io.out(`  ${label.padEnd(20)}  ${printable(value)}\n`);
  for (const note of image.notes) io.out(`  note: ${printable(note)}\n`);
}
