// What is wrong with the part `lint` of a config.
import { builtInProfiles, WEIGHED } from '../lint/profile.ts';
import { faultsOfEntry } from './allow-faults.ts';
import { isRecord, unknownKeys } from './config-record.ts';

export function faultsOfLint(lint: unknown, faults: string[]): void {
  if (lint === undefined) return;
  if (!isRecord(lint)) {
    faults.push('lint: must be an object');
    return;
  }
  unknownKeys('lint', ['kmsHosts', 'profile', 'profiles', 'baseline', 'allow', 'options', 'rules', 'signatures'], lint, faults);
  const { kmsHosts, profile, profiles, baseline, allow, options, rules, signatures } = lint;
  faultsOfProfiles(profiles, faults);
  if (profile !== undefined) faultsOfChoice(profile, isRecord(profiles) ? Object.keys(profiles) : [], faults);
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
  if (baseline !== undefined && (typeof baseline !== 'string' || baseline === ''))
    faults.push('lint.baseline: must be the path of a baseline file');
  if (signatures !== undefined && (typeof signatures !== 'string' || signatures === ''))
    faults.push('lint.signatures: must be the path of a folder with .yar files');
  if (allow !== undefined && !Array.isArray(allow))
    faults.push('lint.allow: must be a list of entries { rule, at or sha256, reason, until }');
  if (Array.isArray(allow)) for (const [at, entry] of allow.entries()) faultsOfEntry(entry, `lint.allow[${at}]`, faults);
  if (options !== undefined && !isRecord(options)) faults.push('lint.options: must be an object of rule ids');
  if (rules !== undefined && !Array.isArray(rules)) faults.push('lint.rules: must be a list of rules made by defineRule');
}

function faultsOfChoice(profile: unknown, own: readonly string[], faults: string[]): void {
  const known = [...builtInProfiles, ...own];
  if (typeof profile !== 'string' || !known.includes(profile)) faults.push(`lint.profile: must be one of ${known.join(', ')}`);
}

function faultsOfProfiles(profiles: unknown, faults: string[]): void {
  if (profiles === undefined) return;
  if (!isRecord(profiles)) {
    faults.push('lint.profiles: must be an object of profiles by name');
    return;
  }
  for (const [name, profile] of Object.entries(profiles)) {
    const path = `lint.profiles.${name}`;
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) faults.push(`${path}: must have a name in kebab-case`);
    if (builtInProfiles.includes(name)) faults.push(`${path}: is built in and cannot be replaced; choose another name`);
    if (!isRecord(profile)) {
      faults.push(`${path}: must be an object such as { weak: 'note' }`);
      continue;
    }
    if ('certain' in profile) faults.push(`${path}.certain: is an error in every profile; allow what you know by its sha256 instead`);
    const { certain: _, ...weighed } = profile;
    unknownKeys(path, WEIGHED, weighed, faults);
    for (const level of WEIGHED) {
      const severity = profile[level];
      if (severity !== undefined && !['error', 'warning', 'note'].includes(severity as string)) {
        faults.push(`${path}.${level}: must be 'error', 'warning' or 'note'`);
      }
    }
  }
}
