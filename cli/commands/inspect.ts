// wtgforge inspect: what a container holds.
import { type Inspection, inspectImage } from '../../image/inspect.ts';
import { openContainer } from '../../image/open.ts';
import { type AnswerPlaces, answerPlacesOf, printAnswerPlaces } from '../answer-places.ts';
import type { Command, Io } from '../command.ts';
import { printable } from '../printable.ts';

interface Shown extends Inspection {
  readonly folders: number;
  readonly files: number;
  readonly bytes: number;
  readonly answerFiles?: AnswerPlaces;
}

export const inspect: Command = {
  id: 'inspect',
  summary: 'Show the images of a container: edition, build, generalization state, licence channel.',
  description: `Reads only. Of a product key nothing but the last five characters is shown.
--answer-files lists every answer file that an image holds, which one Windows Setup takes in each configuration pass, and which are stale:
shadowed by another one, done already, or lying where Setup does not look.`,
  positional: { name: 'CONTAINER', required: true, description: 'The file to look into, such as install.wim.' },
  options: {
    'answer-files': { type: 'boolean', description: 'Show the answer files, too, and which of them wins.' },
    json: { type: 'boolean', description: 'Print the facts as JSON.' },
  },
  async run(input, io) {
    const container = await openContainer(input.positional!);
    try {
      const images: Shown[] = [];
      for (const { info, folders, files, bytes } of container.images) {
        io.signal.throwIfAborted();
        const image = await container.open(info.index);
        try {
          const answerFiles = input.flag('answer-files') ? { answerFiles: await answerPlacesOf(image) } : {};
          images.push({ ...(await inspectImage(image)), folders, files, bytes, ...answerFiles });
        } finally {
          await image.close();
        }
      }
      if (input.flag('json')) {
        const shown = { schema: 'wtgforge/inspect@1', container: { path: container.path, format: container.id }, images };
        io.out(`${JSON.stringify(shown, null, 2)}\n`);
      } else {
        io.out(`${printable(container.path)} (${container.id}), ${images.length === 1 ? '1 image' : `${images.length} images`}\n`);
        for (const image of images) printInspection(image, io);
      }
      return 0;
    } finally {
      await container.close();
    }
  },
};

function printInspection(image: Shown, io: Io): void {
  const { bold } = io.colours;
  const { info } = image;
  const facts: [string, string | undefined][] = [
    ['edition', info.edition],
    ['build', String(info.build)],
    ['architecture', info.architecture],
    ['product', image.productName],
    ['content', `${image.files} files in ${image.folders} folders, ${(image.bytes / 1024 / 1024).toFixed(1)} MiB`],
    ['image state', image.imageState],
    ['generalization state', image.generalizationState === undefined ? undefined : String(image.generalizationState)],
    ['licence channel', image.licenceChannel],
    ['installed key ends', image.keyEnding],
  ];
  io.out(`\n${bold(`${info.index}. ${printable(info.name)}`)}\n`);
  for (const [label, value] of facts) if (value !== undefined) io.out(`  ${label.padEnd(20)}  ${printable(value)}\n`);
  for (const note of image.notes) io.out(`  note: ${printable(note)}\n`);
  if (image.answerFiles) printAnswerPlaces(image.answerFiles, io);
}
