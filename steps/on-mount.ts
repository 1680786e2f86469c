// Hands the mounted image to a program of the user, and takes what it changes into the journal.
import { defineStep } from '../pipeline/step.ts';

/** Stands for the folder in an argument. */
const PLACE = '{mount}';

export const onMount = defineStep({
  id: 'on-mount',
  title: 'Run a program of yours over the mounted image',
  description: `Mounts a private copy of the image as it stands after the steps before this one, runs the program on the build machine with the folder in place of
\`${PLACE}\` in its arguments, unmounts, compares, and records every file and registry value that became different, like a change of any other step:
changed files keep their security descriptors, new ones inherit from their folder, a changed hive becomes single registry changes. Works on
WIM, ESD, SWM and ISO through \`wimlib-imagex mountrw\`, on VHD, VHDX, qcow2 and raw disks through ntfs-3g. Needs FUSE.

- The program is started without a shell. It gets PATH, LANG, HOME and a private TMPDIR, and no other variable of yours.
- A plan cannot know what it will change: \`wtgforge plan\` does not start it and says so, and \`build --plan\` takes whatever it does. Steps behind it may
  change something else than planned, and are refused then: put it last. Name what it reads in \`inputs\`, so that another content is refused.
- It costs an error and nothing else when it fails, takes longer than \`timeLimit\`, leaves a process running or the mount busy.
- Refused is what the journal cannot hold: links that are new, changed or replaced under one of several names, named streams, names in other
  case. Left out, with a note: new empty folders and changed attributes. Access lists and times are those that a step gives.
- Links in an image lead where they say, on the build machine as well. A program that follows them may leave the folder: do not run one that does
  over an image that you do not trust.
- Files that Windows compressed with CompactOS are broken links in the mount of a disk; they may be replaced, but not read.`,
  options: {
    program: {
      type: 'string',
      required: true,
      description: "A path from the config's folder, or a name that is sought in PATH",
      pattern: '[^\\u0000]{1,4096}',
    },
    arguments: {
      type: 'string[]',
      default: [PLACE],
      description: `Its arguments; ${PLACE} stands for the folder of the image`,
      pattern: '[^\\u0000]{0,4096}',
    },
    timeLimit: { type: 'integer', default: 600, min: 1, max: 86_400, description: 'Seconds after which it is ended' },
    inputs: {
      type: 'string[]',
      default: [],
      description: "Files that it reads, from the config's folder; they count for build --plan",
      pattern: '[^\\u0000]{1,4096}',
    },
  },
  async skip(image) {
    return (await image.has('/Windows')) ? undefined : 'the image has no Windows folder';
  },
  async run(_draft, { program, arguments: words, timeLimit, inputs }, ctx) {
    if (!words.some((word) => word.includes(PLACE))) {
      ctx.fail(`no argument holds ${PLACE}, so the program would not know where the image is`, `Put ${PLACE} where the folder belongs.`);
    }
    // Noted as inputs, in a plan as well. A program of the system may be a link, and changes with the system.
    for (const path of program.includes('/') && !program.startsWith('/') ? [program, ...inputs] : inputs) await ctx.host.read(path);
    await ctx.onMount({
      command: program,
      arguments: (folder) => words.map((word) => word.replaceAll(PLACE, () => folder)),
      seconds: timeLimit,
    });
  },
});
