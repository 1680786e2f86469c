// Scheduled tasks for the corpus: as a file, in the registry, or in both.

import type { RegKey } from '../../scripts/dev/fixtures/reg-text.ts';
import { type TaskSpec, taskCacheKeys, taskFile, taskXml } from '../../scripts/dev/fixtures/tasks.ts';
import type { FakeKeys, FakeSpec, FakeValue } from '../helpers/fake-image.ts';

interface TaskOptions {
  readonly only?: 'file' | 'registry';
  readonly hidden?: true;
  readonly files?: Readonly<Record<string, string>>;
}

/** A task that runs as SYSTEM at every start. */
export function taskOf(path: string, action: string, { only, hidden, files = {} }: TaskOptions = {}): FakeSpec {
  const task: TaskSpec = { path, trigger: 'boot', principal: 'S-1-5-18', action };
  const xml = taskXml(task).replace('<Settings>', hidden ? '<Settings><Hidden>true</Hidden>' : '<Settings>');
  const content = hidden ? Buffer.from(`\ufeff${xml}`, 'utf16le') : taskFile(task);
  return {
    files: { ...files, ...(only === 'registry' ? {} : { [`/Windows/System32/Tasks${path.replaceAll('\\', '/')}`]: content }) },
    ...(only === 'file' ? {} : { SOFTWARE: keysOf(taskCacheKeys([task])) }),
  };
}

/** Nothing that is not there in every Windows. */
export function keyValues(): FakeSpec {
  return { SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform\\Plugins\\Modules': { Stock: 1 } } };
}

function keysOf(keys: readonly RegKey[]): FakeKeys {
  return Object.fromEntries(
    keys.map(({ path, values }) => [
      path,
      Object.fromEntries([...values].map(([name, { type, data }]) => [name, registryValue(type, data)])),
    ]),
  );
}

function registryValue(type: number, data: Buffer): FakeValue {
  if (type === 4) return data.readUInt32LE();
  if (type === 3) return new Uint8Array(data);
  return data.toString('utf16le').replace(/\0+$/, '');
}
