// The components and settings that Windows knew in 2018, and the passes in which each setting works; looked up without case.
import { PASSES, type Pass } from './names.ts';
import { SETTINGS_OF_2018 } from './settings-data.ts';
import { SHELL_SETTINGS_OF_2018 } from './settings-data-shell.ts';

export interface KnownSetting {
  readonly name: string; // as the reference writes it
  readonly passes: readonly Pass[];
  /** Sub-settings by lower-case name. */
  readonly below: ReadonlyMap<string, KnownSetting>;
}

export interface KnownComponent {
  readonly name: string;
  readonly settings: ReadonlyMap<string, KnownSetting>;
}

interface Growing {
  readonly name: string;
  passes: readonly Pass[];
  readonly below: Map<string, Growing>;
}

const components = readTable(`${SETTINGS_OF_2018}${SHELL_SETTINGS_OF_2018}`);

/** Every component of the table, in its order. */
export const knownComponents: readonly KnownComponent[] = [...components.values()];

export function lookUpComponent(name: string): KnownComponent | undefined {
  return components.get(name.toLowerCase());
}

/** The setting at a path below a component; list items by their name alone, a key in brackets behind it is ignored. */
export function lookUpSetting(component: string, path: string): KnownSetting | undefined {
  let level = lookUpComponent(component)?.settings;
  let found: KnownSetting | undefined;
  for (const part of path.split('/')) {
    found = level?.get(part.replace(/\[.*\]$/, '').toLowerCase());
    level = found?.below;
  }
  return found;
}

/** The component to which a setting with sub-settings belongs, when the table names exactly one. */
export function ownerOf(setting: string): KnownComponent | undefined {
  const owners = knownComponents.filter(({ settings }) => (settings.get(setting.toLowerCase())?.below.size ?? 0) > 0);
  return owners.length === 1 ? owners[0] : undefined;
}

/** How much the table holds. */
export function tableSize(): { readonly components: number; readonly settings: number; readonly passes: number } {
  const count = (level: ReadonlyMap<string, KnownSetting>): number =>
    [...level.values()].reduce((sum, { below }) => sum + 1 + count(below), 0);
  const settings = knownComponents.reduce((sum, component) => sum + count(component.settings), 0);
  return { components: knownComponents.length, settings, passes: PASSES.length };
}

/** Unindented lines name a component; `passes: settings` stand below it, and may go on in deeper lines. */
function readTable(text: string): ReadonlyMap<string, KnownComponent> {
  const table = new Map<string, { name: string; settings: Map<string, Growing> }>();
  let current = new Map<string, Growing>();
  for (const line of text.replaceAll('\n    ', ' ').split('\n')) {
    if (line === '') continue;
    if (!line.startsWith(' ')) {
      current = new Map();
      table.set(line.toLowerCase(), { name: line, settings: current });
      continue;
    }
    const [passes, settings] = line.trim().split(': ');
    addSettings(current, passes!.split(' ') as Pass[], settings!);
  }
  return table;
}

function addSettings(top: Map<string, Growing>, passes: readonly Pass[], text: string): void {
  const open: Map<string, Growing>[] = [top];
  let last = top;
  for (const [token] of text.matchAll(/[()]|[^\s()]+/g)) {
    if (token === '(') open.push(last);
    else if (token === ')') open.pop();
    else {
      const level = open.at(-1)!;
      const setting = level.get(token.toLowerCase()) ?? { name: token, passes: [], below: new Map<string, Growing>() };
      // A group works wherever one of its settings does.
      setting.passes = PASSES.filter((pass) => setting.passes.includes(pass) || passes.includes(pass));
      level.set(token.toLowerCase(), setting);
      last = setting.below;
    }
  }
}
