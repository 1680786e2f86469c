// The difference between input and output is the journal and nothing else: files by wimlib's listing, values by hivexregedit's export.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import { EVERY_STEP, everyStep } from '../helpers/every-step.ts';
import { exportedHive } from '../helpers/hive-export.ts';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const MACHINE = ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'];
const HIVES = [...MACHINE, '/Users/Default/NTUSER.DAT'];
const pathOf = (hive: string) => (MACHINE.includes(hive) ? `/Windows/System32/config/${hive}` : hive);

interface Entry {
  readonly fields: string;
  /** Digest, size and the times that follow a write. */
  readonly content: string;
}

/** wimlib's listing: every field of every entry, descriptors, short names, links and times included, but where the content lies. */
function entriesOf(image: string): Map<string, Entry> {
  const text = execFileSync('wimlib-imagex', ['dir', image, '1', '--detailed'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const entries = new Map<string, Entry>();
  for (const block of text.split(/^-{20,}$/m)) {
    const path = /^Full Path += "(.*)"$/m.exec(block)?.[1];
    if (path === undefined) continue;
    const lines = block.split('\n').filter((line) => !/^(Compressed size|Offset in WIM|Reference Count|Flags|Part Number) /.test(line));
    const content = lines.filter((line) => /^(Hash|Uncompressed size|Last Write Time|Last Access Time) /.test(line));
    entries.set(path, { fields: lines.filter((line) => !content.includes(line)).join('\n'), content: content.join('\n') });
  }
  return entries;
}

/** Keys and values of a hive of the image, by hivexregedit. */
function exportOf(image: string, hive: string, folder: string): ReadonlyMap<string, string> {
  const file = join(folder, 'hive');
  writeFileSync(
    file,
    execFileSync('wimlib-imagex', ['extract', image, '1', pathOf(hive), '--to-stdout'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    }),
  );
  return exportedHive(file);
}

function changed<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>, same: (a: T, b: T) => boolean): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !(before.has(name) && after.has(name) && same(before.get(name)!, after.get(name)!))).sort();
}

e2e('files and values differ exactly as the report says', async () => {
  await inWorkspace(async ({ build, configure, image, output, folder }) => {
    await everyStep(folder);
    await configure(EVERY_STEP);
    const { code, out, err } = await build('--json');
    assert.is(code, 0, err + out);
    const changes = (JSON.parse(out) as BuildReport).steps.flatMap((step) => step.changes);
    // What goes with a folder or a key is said below it.
    const said = changes.flatMap(({ kind, at, parts = [] }) => [at, ...(kind.startsWith('remove') ? parts.map((part) => part.at) : [])]);

    const [before, after] = [entriesOf(image), entriesOf(output)];
    const edited = HIVES.filter((hive) => said.some((at) => at.startsWith(`${hive}\\`))).map(pathOf);
    const written = said.filter((at) => at.startsWith('/') && !at.includes('\\'));
    const content = changed(before, after, (a, b) => a.content === b.content && a.fields === b.fields);
    const logs = edited
      .flatMap((hive) => [`${hive}.LOG1`, `${hive}.LOG2`])
      .filter((log) => before.get(log)?.content !== after.get(log)?.content);
    // Folders that had to be made on the way are part of a write, those inside of a removed folder part of its removal.
    const folders = content.filter(
      (path) => before.has(path) !== after.has(path) && written.some((file) => file.startsWith(`${path}/`) || path.startsWith(`${file}/`)),
    );
    assert.equal(content, [...new Set([...written, ...edited, ...logs, ...folders])].sort());
    for (const path of content.filter((name) => before.has(name) && after.has(name))) {
      assert.is(after.get(path)!.fields, before.get(path)!.fields, `${path} kept its other fields`);
    }

    for (const hive of HIVES) {
      const differs = changed(exportOf(image, hive, folder), exportOf(output, hive, folder), (a, b) => a === b).filter((at) =>
        at.includes('!'),
      );
      const wanted = said
        .filter((at) => at.startsWith(`${hive}\\`) && at.includes('!'))
        .map((at) => at.slice(hive.length + 1).toLowerCase());
      assert.equal(differs, [...new Set(wanted)].sort(), hive);
    }
  }, EVERY_STEP.source);
});

test.run();
