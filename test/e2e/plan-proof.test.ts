// A built image shows exactly what the plan said: values by hivexregedit, XML nodes by xmllint, files by wimlib; nothing of ours reads it.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import type { ChangeDescription } from '../../pipeline/describe.ts';
import type { PartChange } from '../../pipeline/describe-xml.ts';
import { EVERY_STEP, everyStep, SECRETS } from '../helpers/every-step.ts';
import { exportedHive } from '../helpers/hive-export.ts';
import { needTools, realData } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl', xmllint: 'libxml2-utils' });
/** What `activation-reset` and `kms-client` both look after. */
const PIN =
  /^SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform(?:\\[0-9a-f-]{36})?!KeyManagementService(?:Name|Port)$/;
/** Microsoft's, which is not ours to carry along. */
const SCHEMA = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');
const HIVE = /^(SOFTWARE|SYSTEM|SAM|SECURITY|DEFAULT|\/.*?\.DAT)\\(.*)$/i;

/** The built image through other people's programs. */
class Judge {
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

function judgeValues(judge: Judge, changes: readonly ChangeDescription[]): number {
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

function judgeFiles(judge: Judge, changes: readonly ChangeDescription[]): { files: number; nodes: number } {
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

/** Every task of the image is what the scheduler takes: UTF-16LE with its mark, a version that Vista knows, and valid by Microsoft's schema. */
function judgeTasks(judge: Judge, changes: readonly ChangeDescription[], folder: string): void {
  const paths = changes.filter(({ form }) => form === 'task').map(({ at }) => at);
  assert.ok(paths.length >= 5, paths.join());
  for (const path of paths) {
    const bytes = judge.bytes(path);
    assert.is(bytes.subarray(0, 2).toString('hex'), 'fffe', path);
    assert.match(bytes.toString('utf16le'), /^\ufeff<\?xml version="1\.0" encoding="UTF-16"\?>\s*<Task version="1\.2"/, path);
    if (!existsSync(SCHEMA)) continue;
    const file = join(folder, 'task.xml');
    writeFileSync(file, bytes);
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

e2e('with all steps on, the image holds what the plan said, by tools that are not ours', async () => {
  await inWorkspace(async ({ build, configure, folder, output }) => {
    await everyStep(folder);
    const config = await configure(EVERY_STEP);
    const planFile = join(folder, 'golden.plan.json');
    const planned = await cli(['plan', config, '--out', planFile, '--json']);
    assert.is(planned.code, 0, planned.err);
    const { code, out, err } = await build('--plan', planFile, '--json');
    assert.is(code, 0, err + out.slice(0, 3000));
    const plan = JSON.parse(await readFile(planFile, 'utf8')) as BuildReport;
    const report = JSON.parse(await readFile(`${output}.report.json`, 'utf8')) as BuildReport;
    assert.equal(report.steps, plan.steps, 'the report says after the fact what the plan said before');
    assert.equal(
      plan.steps.filter(({ skipped }) => skipped !== undefined).map(({ step, skipped }) => `${step}: ${skipped}`),
      [],
    );
    const changes = plan.steps.flatMap((step) => step.changes);
    const judge = new Judge(output, folder);
    const values = judgeValues(judge, changes);
    const { files, nodes } = judgeFiles(judge, changes);
    assert.ok(values > 25 && files > 10 && nodes > 35, `${values} values, ${files} files, ${nodes} nodes`);
    const said = [await readFile(planFile, 'utf8'), await readFile(`${output}.report.json`, 'utf8'), planned.out, out, planned.err, err];
    for (const secret of Object.values(SECRETS)) {
      for (const form of [secret, Buffer.from(secret, 'utf16le').toString('base64'), Buffer.from(secret).toString('base64')])
        assert.not.ok(
          said.some((text) => text.includes(form.replace(/=+$/, ''))),
          'a secret is shown',
        );
    }
    judgeTasks(judge, changes, folder);
    console.error(`${changes.length} changes judged: ${values} registry places, ${files} files, ${nodes} XML nodes`);
  }, EVERY_STEP.source);
});

e2e('on its own output every step finds nothing to do', async () => {
  await inWorkspace(async ({ build, configure, folder, output }) => {
    await everyStep(folder);
    await configure(EVERY_STEP);
    assert.is((await build()).code, 0);
    await configure({ ...EVERY_STEP, image: `{ path: ${JSON.stringify(output)} }`, output: "{ path: 'second.wim' }" });
    const { code, out, err } = await build('--json');
    assert.is(code, 0, err);
    const { steps } = JSON.parse(out) as BuildReport;
    assert.is(steps.length, 13);
    // activation-reset takes every pin away, ours too, and kms-client sets it again: two changes that are none together.
    const rest = steps.flatMap(({ changes }) => changes).filter(({ at }) => !PIN.test(at));
    assert.equal(rest, []);
    const [first, second] = [new Judge(output, folder), new Judge(join(folder, 'second.wim'), folder)];
    assert.equal(second.values('SOFTWARE'), first.values('SOFTWARE'));
  }, EVERY_STEP.source);
});

test.run();
