// Runs the planned steps over an image, in order, into a journal. Nothing is written yet.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepError, WtgforgeError } from '../errors.ts';
import type { Change } from '../image/draft.ts';
import type { Image } from '../image/image.ts';
import { createJournal, type Journal } from '../image/journal.ts';
import { changeOnMount } from '../image/on-mount.ts';
import type { Trace } from '../lint/result.ts';
import { type ChangeDescription, describeChange } from './describe.ts';
import { type HostInput, hostFiles } from './host-files.ts';
import type { OptionDefs, Resolved } from './options.ts';
import type { Plan } from './plan.ts';
import { revealSecret } from './secrets.ts';
import type { PlannedStep, StepContext } from './step.ts';

export interface StepReport {
  readonly step: string;
  readonly title: string;
  /** The reason when the step had nothing to do for this image. */
  readonly skipped: string | undefined;
  readonly changes: readonly Change[];
  /** True when a program of the user makes the changes: a plan does not know them. */
  readonly unforeseen: boolean;
  /** The same as plans and reports show them, one for one. */
  readonly described: readonly ChangeDescription[];
  /** Files of the host that it read. */
  readonly inputs: readonly HostInput[];
  /** Names of the files that it puts beside the output. */
  readonly attachments: readonly string[];
  readonly notes: readonly string[];
  /** Certain signs of a forged activation that it took away. */
  readonly traces: readonly Trace[];
}

export interface Attachment {
  readonly step: string;
  readonly name: string;
  readonly content: string;
}

export interface StepRun {
  readonly journal: Journal;
  readonly steps: readonly StepReport[];
  readonly attachments: readonly Attachment[];
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string) => void;
  /** Nobody will commit: programs of the user are not started. */
  readonly dry?: boolean;
}

/** @throws StepError when a step refuses, fails or contradicts another; the error names the step. */
export async function runSteps(plan: Plan, image: Image, options: RunOptions = {}): Promise<StepRun> {
  const signal = options.signal ?? new AbortController().signal;
  const journal = createJournal(image);
  const steps: StepReport[] = [];
  const attachments: Attachment[] = [];
  // Of all steps so far: a later one may write what an earlier one revealed.
  const secrets = new Set<string>();
  for (const planned of plan.steps) {
    signal.throwIfAborted();
    options.onStep?.(planned.step.id);
    const work = { signal, secrets, folder: plan.folder ?? process.cwd(), dry: options.dry ?? false };
    steps.push(await runStep(planned, journal, attachments, work));
  }
  signal.throwIfAborted();
  return { journal, steps, attachments };
}

interface RunWork {
  readonly signal: AbortSignal;
  readonly secrets: Set<string>;
  readonly folder: string;
  readonly dry: boolean;
}

async function runStep(
  { step, options }: PlannedStep,
  journal: Journal,
  attachments: Attachment[],
  { signal, secrets, folder, dry }: RunWork,
): Promise<StepReport> {
  const host = hostFiles(folder);
  const notes: string[] = [];
  const traces: Trace[] = [];
  const before = journal.changes.length;
  let unforeseen = false;
  const draft = journal.draft(step.id);
  const ctx: StepContext = {
    signal,
    host,
    async reveal(ref) {
      const text = await revealSecret(ref, { folder });
      secrets.add(text);
      return text;
    },
    guest: readGuest,
    attach: (name, content) => attach(attachments, { step: step.id, name, content }),
    async onMount(program) {
      unforeseen = true;
      if (dry) return;
      // A bare name is sought in PATH, anything else begins at the config's folder.
      const command = program.command.includes('/') ? resolve(folder, program.command) : program.command;
      notes.push(...(await changeOnMount(journal, draft, { ...program, command }, signal)));
    },
    note: (message) => notes.push(message),
    trace: (trace) => traces.push(trace),
    fail: (message, hint) => {
      throw new StepError('STEP_REFUSED', `${step.id}: ${message}`, hint === undefined ? {} : { hint });
    },
  };
  try {
    const resolved = options as Resolved<OptionDefs>;
    const skipped = await step.skip?.(draft, resolved);
    if (skipped === undefined) await step.run(draft, resolved, ctx);
    const attached = attachments.filter((attachment) => attachment.step === step.id).map(({ name }) => name);
    const changes = journal.changes.slice(before);
    return {
      step: step.id,
      title: step.title,
      skipped,
      changes,
      unforeseen,
      described: changes.map((change) => describeChange(change, [...secrets])),
      inputs: host.inputs,
      attachments: attached,
      notes,
      traces,
    };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof WtgforgeError) {
      if (cause instanceof StepError) throw cause;
      throw new StepError(cause.code, `${step.id}: ${cause.message}`, { ...(cause.hint === undefined ? {} : { hint: cause.hint }), cause });
    }
    // The message of a stranger's exception may hold anything, a revealed secret too: it is shown only with --debug.
    throw new StepError(
      'STEP_CRASHED',
      `${step.id}: stopped with an unexpected error (${cause instanceof Error ? cause.name : typeof cause})`,
      {
        hint: 'This is a fault in the step: run with --debug to see where it happened.',
        cause,
      },
    );
  }
}

function attach(attachments: Attachment[], attachment: Attachment): void {
  if (!/^[a-z0-9][a-z0-9.-]*$/i.test(attachment.name)) {
    throw new StepError('ATTACHMENT_NAME', `${attachment.step}: ${JSON.stringify(attachment.name)} is not a plain file name`);
  }
  const other = attachments.find(({ name }) => name === attachment.name);
  if (other) {
    throw new StepError('CHANGE_CONFLICT', `${attachment.step}: attaches ${attachment.name}, but ${other.step} does, too`);
  }
  attachments.push(attachment);
}

async function readGuest(name: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9.-]*$/i.test(name)) throw new StepError('GUEST_NAME', `${JSON.stringify(name)}: is not a guest script`);
  const text = await readFile(new URL(`../scripts/guest/${name}`, import.meta.url), 'utf8');
  return text.replaceAll('\r\n', '\n');
}
