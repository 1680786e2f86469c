// Everything that is wrong with a config, each mistake with its path, all at once.
import type { Config } from './config.ts';
import { isRecord, unknownKeys } from './config-record.ts';
import { faultsOfLint } from './lint-faults.ts';
import { resolveOptions } from './options.ts';
import { faultsOfOutput } from './output-faults.ts';
import type { ConfiguredStep } from './step.ts';

/** Nothing in it was checked yet: the author may not use TypeScript. */
export function faultsOfConfig(config: Config): readonly string[] {
  const faults: string[] = [];
  const record = config as unknown as Record<string, unknown>;
  unknownKeys('', ['image', 'output', 'steps', 'lint'], record, faults);
  faultsOfImage(record['image'], faults);
  faultsOfOutput(record['output'], faults);
  faultsOfSteps(record['steps'], faults);
  faultsOfLint(record['lint'], faults);
  return faults;
}

function faultsOfImage(image: unknown, faults: string[]): void {
  if (!isRecord(image)) {
    faults.push('image: must be an object with the path of the base image');
    return;
  }
  unknownKeys('image', ['path', 'index', 'edition'], image, faults);
  if (typeof image['path'] !== 'string' || image['path'] === '') faults.push('image.path: must be the path of the base image');
  const { index, edition } = image;
  if (index !== undefined && (!Number.isSafeInteger(index) || (index as number) < 1)) {
    faults.push('image.index: must be a whole number from 1');
  }
  if (edition !== undefined && (typeof edition !== 'string' || edition === '')) {
    faults.push('image.edition: must be an edition id such as "Enterprise"');
  }
  if (index !== undefined && edition !== undefined) faults.push('image: choose by index or by edition, not by both');
}

function faultsOfSteps(steps: unknown, faults: string[]): void {
  if (!Array.isArray(steps)) {
    faults.push('steps: must be a list of steps');
    return;
  }
  const seen = new Map<string, number>();
  steps.forEach((configured: unknown, at) => {
    if (!isStep(configured)) {
      faults.push(`steps[${at}]: is not a step (call its factory, for example kmsClient({ … }))`);
      return;
    }
    const { step, given } = configured;
    const earlier = seen.get(step.id);
    if (earlier !== undefined) faults.push(`steps[${at}]: ${step.id} stands already at steps[${earlier}]`);
    seen.set(step.id, at);
    if (!isRecord(given)) faults.push(`steps[${at}]: the options of ${step.id} must be an object`);
    else resolveOptions(step.options, given, `steps[${at}] (${step.id})`, faults);
  });
  steps.forEach((configured: unknown, at) => {
    if (!isStep(configured)) return;
    for (const id of configured.step.after ?? []) {
      const where = seen.get(id);
      if (where !== undefined && where > at) faults.push(`steps[${at}]: ${configured.step.id} must stand after ${id}`);
    }
  });
}

function isStep(value: unknown): value is ConfiguredStep {
  return (
    isRecord(value) && isRecord(value['step']) && typeof value['step']['id'] === 'string' && typeof value['step']['run'] === 'function'
  );
}
