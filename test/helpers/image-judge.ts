// Judges a built image by a plan, with programs that are not ours: values by hivexregedit, XML nodes by xmllint, files by wimlib.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { ChangeDescription } from '../../pipeline/describe.ts';
import type { PartChange } from '../../pipeline/describe-xml.ts';
import { exportedHive } from './hive-export.ts';

const HIVE = /^(SOFTWARE|SYSTEM|SAM|SECURITY|DEFAULT|\/.*?\.DAT)\\(.*)$/i;

/** The built image through other people's programs. */
export class Judge {
  readonly image: string;
  readonly folder: string;
  private readonly hives = new Map<string, ReadonlyMap<string, string>>();
  private readonly sizes = new Map<string, number>();

  constructor(image: string, folder: string) {
    this.image = image;
    this.folder = folder;
    for (const block of this.wimlib('dir', image, '1', '--detailed')
      .toString()
      .split(/^-{20,}$/m)) {
      const path = /^Full Path += "(.*)"$/m.exec(block)?.[1];
      if (path !== undefined) this.sizes.set(path.toLowerCase(), Number(/^Uncompressed size += (\d+)/m.exec(block)?.[1] ?? 0));
    }
  }

  size(path: string): number | undefined {
    return this.sizes.get(path.toLowerCase());
  }

  /** A value as hivexregedit writes it, `key` for a key, undefined when it is not there. */
  value(hive: string, place: string): string | undefined {
    return this.values(hive).get(place.toLowerCase());
  }

  /** What an XPath finds in a file. */
  xpath(path: string, expression: string): string {
    const file = join(this.folder, 'judged.xml');
    writeFileSync(file, this.wimlib('extract', this.image, '1', path, '--to-stdout'));
    return execFileSync('xmllint', ['--xpath', expression, file], { encoding: 'utf8' }).replace(/\n$/, '');
  }

  values(hive: string): ReadonlyMap<string, string> {
    const known = this.hives.get(hive);
    if (known) return known;
    const file = join(this.folder, 'judged.hive');
    writeFileSync(
      file,
      this.wimlib('extract', this.image, '1', hive.startsWith('/') ? hive : `/Windows/System32/config/${hive}`, '--to-stdout'),
    );
    const values = exportedHive(file);
    this.hives.set(hive, values);
    return values;
  }

  bytes(path: string): Buffer {
    return this.wimlib('extract', this.image, '1', path, '--to-stdout');
  }

  private wimlib(...args: string[]): Buffer {
    return execFileSync('wimlib-imagex', args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  REG_NONE: '0',
  REG_SZ: '1',
  REG_EXPAND_SZ: '2',
  REG_BINARY: '3',
  REG_MULTI_SZ: '7',
  REG_QWORD: 'b',
};

/** What hivexregedit must write for the text of a plan; undefined when the plan does not tell the bytes. */
function exportOf(type: string, after: string): string | undefined {
  const hex = (bytes: Buffer) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(',');
  const text = (value: string) => Buffer.from(`${value}\0`, 'utf16le');
  if (type === 'REG_DWORD') return `dword:${Number(after).toString(16).padStart(8, '0')}`;
  const head = type === 'REG_BINARY' ? 'hex(3):' : `hex(${TYPES[type]}):`;
  if (after.startsWith('hex ')) return head + hex(Buffer.from(after.slice(4), 'hex'));
  if (type === 'REG_SZ' || type === 'REG_EXPAND_SZ') return head + hex(text(JSON.parse(after) as string));
  if (type === 'REG_MULTI_SZ') return head + hex(Buffer.concat([...(JSON.parse(after) as string[]).map(text), Buffer.alloc(2)]));
  if (type === 'REG_QWORD') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(after));
    return head + hex(bytes);
  }
  return undefined;
}

/** An XPath for the node that a plan names: settings of answer files, or a path below the root. */
function xpathOf(form: string, at: string): string {
  const steps = (path: string) =>
    path
      .split('/')
      .map((step) => {
        if (step.startsWith('@')) return step;
        const [, name = '', key] = /^([^[]+)(?:\[(.*)\])?$/.exec(step) ?? [];
        const item = /^(\w+)=(.*)$/.exec(key ?? '');
        if (item) return `*[local-name()='${name}'][*[local-name()='${item[1]}']='${item[2]}']`;
        return `*[local-name()='${name}']${key === undefined ? '' : `[${key}]`}`;
      })
      .join('/');
  if (form !== 'answer file') return `string(/*/${steps(at)})`;
  const [, pass, component, architecture, path = ''] = /^(\S+) \/ (\S+) \((\S+)\) \/ (.*)$/.exec(at) ?? [];
  return `string(/*/*[@pass='${pass}']/*[@name='${component}'][@processorArchitecture='${architecture}']/${steps(path)})`;
}

/** The last word on each place. */
function lastOf<T extends { readonly at: string }>(changes: readonly T[]): readonly T[] {
  return [...new Map(changes.map((change) => [change.at.toLowerCase(), change])).values()];
}

export function judgeValues(judge: Judge, changes: readonly ChangeDescription[]): number {
  let judged = 0;
  for (const { kind, at, type, after } of lastOf(changes.filter((change) => HIVE.test(change.at)))) {
    const [, hive = '', place = ''] = HIVE.exec(at)!;
    const found = judge.value(hive, place);
    if (kind === 'delete-value' || kind === 'remove-key') assert.is(found, undefined, at);
    else if (kind === 'make-key') assert.is(found, 'key', at);
    else {
      assert.ok(found, at);
      const wanted = after === '(holds a secret)' ? undefined : exportOf(type!, after!);
      if (wanted !== undefined) assert.is(found, wanted, at);
    }
    judged++;
  }
  return judged;
}

export function judgeFiles(judge: Judge, changes: readonly ChangeDescription[]): { files: number; nodes: number } {
  const counts = { files: 0, nodes: 0 };
  for (const { kind, at, after } of lastOf(changes.filter((change) => !HIVE.test(change.at)))) {
    const size = judge.size(at);
    if (kind === 'remove') assert.is(size, undefined, at);
    else if (after === '(holds a secret)') assert.ok(size, at);
    else assert.is(`${size} byte${size === 1 ? '' : 's'}`, after, at);
    counts.files++;
  }
  const written = changes.filter(({ kind, form }) => kind === 'write' && form !== undefined);
  for (const path of new Set(written.map(({ at }) => at))) {
    const of = written.filter(({ at }) => at === path);
    const parts: readonly PartChange[] = lastOf(of.flatMap((change) => change.parts ?? []));
    for (const part of parts) {
      const found = judge.xpath(path, xpathOf(of[0]!.form!, part.at));
      if (part.after === undefined) assert.is(found, '', `${path}: ${part.at}`);
      else if (part.after.startsWith('(')) assert.is.not(found, '', `${path}: ${part.at}`);
      else if (part.after.startsWith('*****-')) assert.is(found.slice(-5), part.after.slice(-5), `${path}: ${part.at}`);
      else assert.is(found.trim(), JSON.parse(part.after), `${path}: ${part.at}`);
      counts.nodes++;
    }
  }
  return counts;
}
