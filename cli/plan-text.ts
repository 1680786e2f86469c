// How a plan and the changes of its steps are shown.
import type { Colors } from 'picocolors/types.js';
import { locationText } from '../lint/location.ts';
import { describeSteps, type PlanResult, type StepDescription } from '../pipeline/build.ts';
import type { ChangeDescription } from '../pipeline/describe.ts';
import { describePlan } from '../pipeline/plan.ts';
import type { Io } from './command.ts';
import { printable } from './printable.ts';

/** The machine-readable form of a plan with what each step would change. */
export function planJson(result: PlanResult): string {
  const { plan, image, run } = result;
  return `${JSON.stringify({ schema: 'wtgforge/plan@1', plan: describePlan(plan), image, steps: describeSteps(run.steps) }, null, 2)}\n`;
}

export function printPlan(result: PlanResult, json: boolean, io: Io): void {
  if (json) {
    io.out(planJson(result));
    return;
  }
  const { plan, image, run } = result;
  const { bold, dim } = io.colours;
  io.out(
    `${bold('image ')} ${printable(plan.image.path)}, index ${plan.image.index}: ${printable(image.name)} (${printable(image.edition)}, build ${image.build}, ${image.architecture})\n`,
  );
  io.out(`${bold('output')} ${printable(plan.output.path)} (${plan.output.images === 'built' ? 'the built image only' : 'all images'})\n`);
  io.out(stepTable(describeSteps(run.steps), io.colours));
  io.out(`${dim(`plan ${plan.digest}`)}\n`);
}

/** A block for each step: its changes before → after, its notes, or why it was skipped. */
export function stepTable(steps: readonly StepDescription[], colours: Colors): string {
  const { bold, dim } = colours;
  const lines: string[] = [];
  for (const { step, title, skipped, changes, attachments, notes, traces } of steps) {
    lines.push('', `${bold(step)}  ${dim(title)}`);
    if (skipped !== undefined) lines.push(`  skipped: ${printable(skipped)}`);
    else if (changes.length + attachments.length === 0) lines.push('  nothing to change');
    lines.push(...changes.map((change) => `  ${changeLine(change)}`));
    lines.push(...attachments.map((name) => `  + ${name}, beside the output`), ...notes.map((note) => `  note: ${printable(note)}`));
    lines.push(...traces.map(({ rule, at, message }) => `  trace of ${rule}: ${printable(`${locationText(at)}: ${message}`)}`));
  }
  return `${lines.join('\n')}\n`;
}

const SIGNS: Readonly<Record<ChangeDescription['kind'], string>> = {
  write: '+',
  remove: '-',
  'set-value': '=',
  'delete-value': '-',
  'remove-key': '-',
};

function changeLine({ kind, at, before, after }: ChangeDescription): string {
  const arrow = before === undefined ? '' : `${before} → `;
  return printable(`${SIGNS[kind]} ${at}${after === undefined ? '' : `  ${arrow}${after}`}`);
}
