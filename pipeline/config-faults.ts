// Everything that is wrong with a config, each mistake with its path, all at once.
import type { Config } from './config.ts';
import { resolveOptions } from './options.ts';
import type { ConfiguredStep } from './step.ts';

const KNOWN = {
  '': ['image', 'output', 'steps', 'lint'],
  image: ['path', 'index', 'edition'],
  output: ['path', 'images'],
  lint: ['kmsHosts', 'allow', 'options', 'rules'],
} as const;

/** Nothing in it was checked yet: the author may not use TypeScript. */
export function faultsOfConfig(config: Config): readonly string[] {
  const faults: string[] = [];
  const record = config as unknown as Record<string, unknown>;
  unknownKeys('', record, faults);
  faultsOfImage(record['image'], faults);
  faultsOfOutput(record['output'], faults);
  faultsOfSteps(record['steps'], faults);
  faultsOfLint(record['lint'], faults);
  return faults;
}

function unknownKeys(at: keyof typeof KNOWN, value: Record<string, unknown>, faults: string[]): void {
  const known: readonly string[] = KNOWN[at];
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) faults.push(`${at === '' ? key : `${at}.${key}`}: unknown key (known: ${known.join(', ')})`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultsOfImage(image: unknown, faults: string[]): void {
  if (!isRecord(image)) {
    faults.push('image: must be an object with the path of the base image');
    return;
  }
  unknownKeys('image', image, faults);
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

function faultsOfOutput(output: unknown, faults: string[]): void {
  if (!isRecord(output)) {
    faults.push('output: must be an object with the path of the image to make');
    return;
  }
  unknownKeys('output', output, faults);
  if (typeof output['path'] !== 'string' || output['path'] === '') faults.push('output.path: must be the path of the image to make');
  const images = output['images'];
  if (images !== undefined && images !== 'built' && images !== 'all') faults.push('output.images: must be "built" or "all"');
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

function faultsOfLint(lint: unknown, faults: string[]): void {
  if (lint === undefined) return;
  if (!isRecord(lint)) {
    faults.push('lint: must be an object');
    return;
  }
  unknownKeys('lint', lint, faults);
  const { kmsHosts, allow, options, rules } = lint;
  if (kmsHosts !== undefined) {
    if (!Array.isArray(kmsHosts)) faults.push('lint.kmsHosts: must be a list of hosts');
    else {
      kmsHosts.forEach((host: unknown, at) => {
        if (typeof host !== 'string' || !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/.test(host)) {
          faults.push(`lint.kmsHosts[${at}]: must be "host" or "host:port"`);
        }
      });
    }
  }
  if (allow !== undefined && !Array.isArray(allow)) faults.push('lint.allow: must be a list of entries { rule, at, reason, until? }');
  if (Array.isArray(allow)) for (const [at, entry] of allow.entries()) faultsOfEntry(entry, at, faults);
  if (options !== undefined && !isRecord(options)) faults.push('lint.options: must be an object of rule ids');
  if (rules !== undefined && !Array.isArray(rules)) faults.push('lint.rules: must be a list of rules made by defineRule');
}

function faultsOfEntry(entry: unknown, at: number, faults: string[]): void {
  const path = `lint.allow[${at}]`;
  if (!isRecord(entry)) {
    faults.push(`${path}: must be an object { rule, at, reason, until? }`);
    return;
  }
  for (const key of Object.keys(entry)) {
    if (!['rule', 'at', 'reason', 'until'].includes(key)) faults.push(`${path}.${key}: unknown key (known: rule, at, reason, until)`);
  }
  for (const key of ['rule', 'at', 'reason'] as const) {
    if (typeof entry[key] !== 'string' || entry[key] === '') faults.push(`${path}.${key}: must be a text`);
  }
  if (typeof entry['at'] === 'string' && /^[*?{},!:/\\]+$/.test(entry['at'])) {
    faults.push(`${path}.at: covers every place (is "${entry['at']}"); name a file or key`);
  }
  const until = entry['until'];
  if (until === undefined) return;
  const day = typeof until === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(until) ? new Date(`${until}T00:00:00Z`) : undefined;
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== until) {
    faults.push(`${path}.until: must be a day as YYYY-MM-DD`);
  }
}
