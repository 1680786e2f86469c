// Sets the policies by which a Windows To Go workspace differs from a Windows on a built-in disk.
import { FormatError } from '../formats/bytes.ts';
import { XML_MAX_BYTES } from '../formats/xml/decode.ts';
import { defaultControlSet } from '../image/control-set.ts';
import type { Draft } from '../image/draft.ts';
import { workspaceResidue } from '../image/workspace-residue.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';
import { answerFile, mergeSettings } from '../unattend/build.ts';
import { answerFileCopies, answerFileLocations } from '../unattend/locations.ts';
import { conflictLine } from '../unattend/merge-conflict.ts';
import { type AnswerFile, componentsOf, parseAnswerFile, processedPasses, renderAnswerFile, settingsOf } from '../unattend/model.ts';

/** Where this step makes an answer file when the image has none. */
const OWN_ANSWER_FILE = '/Windows/Panther/unattend.xml';

/** Editions that Microsoft licensed for Windows To Go; their N, G, S and evaluation forms begin with the same words. */
const WORKSPACE_EDITION = /^(?:Enterprise|Education)/i;

export const workspacePolicy = defineStep({
  id: 'workspace-policy',
  version: 2,
  title: 'Set the policies of a Windows To Go workspace',
  description: `Writes what makes a Windows behave on a stick that moves between computers, in the control set that \`Select\\Default\` names:

- \`Services\\partmgr\\Parameters\\SanPolicy\` = 4: the host's internal disks stay offline. It is written into the hive because the
  answer-file setting belongs to the offlineServicing pass, which only Setup and DISM process, never the first boot.
  Two real Windows 10 hives hold 1 there. (Microsoft's samples for deploying Windows To Go)
- \`Control\\Session Manager\\Power\\HiberbootEnabled\` = 0: no fast start-up, because a hibernated kernel wakes up on another
  computer. [M]
- \`Control\\Power\\HibernateEnabled\` = 0 and \`Policies\\Microsoft\\PortableOperatingSystem\\Hibernate\` = 0: no hibernation; the first
  is what \`powercfg /h off\` writes [U], the second is the policy for Windows To Go. (Microsoft, policy ADMX_ExternalBoot)
- \`Policies\\Microsoft\\PortableOperatingSystem\\Sleep\` = 1 forbids standby, when asked for. (the same source)
- \`UninstallWindowsRE\` = true in the oobeSystem pass of the answer file that Setup will find: the recovery environment repairs the
  disk that it stands on, and a workspace has none. The setting is merged into an answer file that is there already; everything
  else in it stays as it is, and another value there is reported before it is replaced.

\`Control\\PortableOperatingSystem\` is not written: Windows sets it by itself when it starts from a USB disk, and a value written
beforehand was seen to be reset. [M]

Refused is an image that belongs to one computer or domain: one that is joined to a domain, an answer file with a prepared domain join, keys of
BitLocker (\`*.bek\`, saved recovery keys). A drive that was booted in a domain or encrypted may not be duplicated. (Microsoft, Windows To Go
deployment considerations) Metadata of BitLocker is a note.

Microsoft removed Windows To Go in version 2004 and licensed it for Enterprise and Education only; another edition gives a note.`,
  options: {
    sanPolicy: {
      type: 'integer',
      description: 'SanPolicy value: 4 keeps internal disks offline, 1 brings all disks online',
      default: 4,
      min: 1,
      max: 4,
    },
    fastStartup: { type: 'boolean', description: 'Whether fast start-up stays possible', default: false },
    hibernate: { type: 'boolean', description: 'Whether the workspace may hibernate', default: false },
    sleep: { type: 'boolean', description: 'Whether the workspace may go to standby', default: true },
    recovery: {
      type: 'string',
      description: 'off removes the Windows recovery environment at first boot; keep leaves it as it is',
      oneOf: ['off', 'keep'],
      default: 'off',
    },
  },
  after: ['generalize-answer-file'],
  async skip(image) {
    return (await image.has('/Windows/System32/config/SYSTEM')) ? undefined : 'the image has no SYSTEM hive';
  },
  async run(draft, options, ctx) {
    await refuseResidue(draft, ctx);
    const set = defaultControlSet(await draft.hive('SYSTEM'));
    const write = (key: string, name: string, data: number) =>
      draft.setValue('SYSTEM', `${set}\\${key}`, name, { type: 'REG_DWORD', data });
    const portable = 'Policies\\Microsoft\\PortableOperatingSystem';
    await write('Services\\partmgr\\Parameters', 'SanPolicy', options.sanPolicy);
    await write('Control\\Session Manager\\Power', 'HiberbootEnabled', options.fastStartup ? 1 : 0);
    await write('Control\\Power', 'HibernateEnabled', options.hibernate ? 1 : 0);
    await write(portable, 'Hibernate', options.hibernate ? 1 : 0);
    await write(portable, 'Sleep', options.sleep ? 0 : 1);
    if (options.recovery === 'off') await uninstallRecovery(draft, ctx);
    const { edition } = draft.info;
    if (!WORKSPACE_EDITION.test(edition)) {
      ctx.note(`the edition is ${edition}; Microsoft licensed Windows To Go for Enterprise and Education only`);
    }
  },
});

/** An image that many sticks are made from belongs to no computer and to no domain. */
async function refuseResidue(draft: Draft, ctx: StepContext): Promise<void> {
  const { certain, doubtful } = await workspaceResidue(draft);
  const all = [...certain, ...(await joinBlobs(draft))];
  if (all.length > 0) {
    ctx.fail(
      `the image is not one that may be given to many: ${all.join('; ')}`,
      'Leave the domain and decrypt on the reference machine, or remove these files with the step "files"; then capture again.',
    );
  }
  for (const one of doubtful) ctx.note(one);
}

/** Answer files that join a domain with a prepared account: every clone would be the same computer there. */
async function joinBlobs(draft: Draft): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path } of [...answerFileLocations, ...answerFileCopies]) {
    const there = await draft.find(path);
    if (!there || there.folder || there.reparse || there.size > XML_MAX_BYTES) continue;
    try {
      const settings = componentsOf(parseAnswerFile(await there.read())).flatMap(settingsOf);
      const joins = settings.some((one) => /(?:^|\/)AccountData$/i.test(one.path) && one.value.trim() !== '');
      if (joins) found.push(`${there.path}: an offline domain join (AccountData)`);
    } catch (error) {
      // A broken file joins nothing; the gate and the merge below speak of it.
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return found;
}

/** Puts UninstallWindowsRE into the answer file that Setup finds first, or makes one. */
async function uninstallRecovery(draft: Draft, ctx: StepContext): Promise<void> {
  const { architecture } = draft.info;
  if (architecture === 'unknown') ctx.fail('nothing in the image says its architecture, so no answer file can be written for it');
  const spec = { architecture, passes: { oobeSystem: { 'Microsoft-Windows-WinRE-RecoveryAgent': { UninstallWindowsRE: true } } } };
  const present = await firstAnswerFile(draft);
  if (!present) {
    await draft.write(OWN_ANSWER_FILE, renderAnswerFile(answerFile(spec)));
    return;
  }
  const file = readAnswerFile(await draft.read(present), present, ctx);
  if (processedPasses(file).includes('oobeSystem')) {
    ctx.note(
      `${present}: Setup has marked its oobeSystem pass as done and may not read it again; generalize-answer-file replaces such a file`,
    );
  }
  const merged = mergeSettings({ name: present, file }, { name: 'this step', spec }, 'later');
  for (const conflict of merged.conflicts) ctx.note(conflictLine(conflict));
  await draft.write(present, renderAnswerFile(merged.file));
}

function readAnswerFile(bytes: Uint8Array, path: string, ctx: StepContext): AnswerFile {
  try {
    return parseAnswerFile(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${path}: cannot be read as an answer file (${error.message})`, 'Repair it, or set recovery: "keep".');
  }
}

async function firstAnswerFile(draft: Draft): Promise<string | undefined> {
  for (const { path } of answerFileLocations) {
    const found = await draft.find(path);
    if (found && !found.folder) return found.path;
  }
  return undefined;
}
