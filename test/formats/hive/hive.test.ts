// The regf reader against hivex: the same keys, values, types and bytes on real hives, and clean errors on damaged ones.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { openRegf, type RegfKey } from '../../../formats/hive/hive.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const withReal = needRealData(test);
const withBoth = needRealData(needTools(test, { hivexregedit: 'libwin-hivex-perl' }) as never);
const oracle = fileURLToPath(new URL('../../fixtures/hive/walk.pl', import.meta.url));

/**
 * Where we say more than hivex, and why: hivex follows a key that two lists name (and never ends on the first of these), and opens
 * hives whose file ends before their bins do.
 */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'edge/win10-default.NTUSER_Bad.DAT': /key is used twice \(at offset 0x/,
  'edge/yarp/BadListHive': /sub-key list is used twice \(at offset 0x/,
  'edge/yarp/BadSubkeyHive': /key is used twice \(at offset 0x/,
  'edge/yarp/TruncatedHive': /the bins runs past the end/,
  'edge/yarp/TruncatedDirtyHive': /the bins runs past the end/,
};
/** What both refuse. */
const UNSOUND: Readonly<Record<string, RegExp>> = {
  'edge/corrupted_SYSTEM.gz': /bin does not begin with "hbin" \(at offset 0x1a000\)/,
  'edge/ez-NotAHive': /does not begin with "regf" \(at offset 0x0\)/,
  'edge/ez-SAMBadHBinHeader': /bin does not begin with "hbin" \(at offset 0x2000\)/,
  'edge/plaso-corrupt_sub_key_list.hiv': /key is not where a cell begins \(cell 0x4480\)/,
  'edge/yarp/BadBaseBlockHive__BadBaseBlockHive': /checksum of the base block is wrong/,
  'edge/yarp/GarbageHive': /checksum of the base block is wrong/,
};

function hives(): readonly string[] {
  const root = join(realData, 'hives');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.log\d?(\.gz)?$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function read(name: string): Uint8Array {
  const bytes = readFileSync(join(realData, 'hives', name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Keys, values and a digest over everything, in the form that walk.pl prints. */
function digestOf(bytes: Uint8Array): string {
  const hive = openRegf(bytes);
  const hash = createHash('sha256');
  const head = Buffer.alloc(8);
  const todo: [RegfKey, string][] = [[hive.root, '']];
  let [keys, values] = [0, 0];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [key, path] = next;
    keys++;
    hash.update(`K${path}\0`);
    for (const { name, type, raw } of hive.values(key)) {
      values++;
      head.writeUInt32LE(type, 0);
      head.writeUInt32LE(raw.length, 4);
      hash.update(`V${name}\0`).update(head).update(raw);
    }
    for (const subkey of hive.subkeys(key)) todo.push([subkey, `${path}\\${subkey.name}`]);
  }
  return [keys, values, hash.digest('hex')].join('\t');
}

function errorOf(bytes: Uint8Array): string {
  try {
    digestOf(bytes);
    return 'no error';
  } catch (error) {
    assert.instance(error, FormatError, String((error as Error).stack));
    return (error as Error).message;
  }
}

withBoth('reads every real hive as hivex reads it', async () => {
  await withScratch(async (folder) => {
    const names = hives().filter((name) => !(name in REFUSED) && !(name in UNSOUND));
    assert.ok(names.length >= 40, `only ${names.length} hives`);
    const files = await Promise.all(
      names.map(async (name, index) => {
        await writeFile(join(folder, String(index)), read(name));
        return join(folder, String(index));
      }),
    );
    const { stdout } = spawnSync('perl', [oracle, ...files], { encoding: 'utf8', maxBuffer: 1 << 24, timeout: 60_000 });
    const wanted = stdout.trim().split('\n');
    assert.is(wanted.length, names.length);
    for (const [index, name] of names.entries()) assert.is(`${files[index]}\t${digestOf(read(name))}`, wanted[index], name);
  });
});

withReal('damaged real hives end in a FormatError that names the place', () => {
  for (const [name, message] of Object.entries({ ...REFUSED, ...UNSOUND })) assert.match(errorOf(read(name)), message, name);
});

withReal('opening is lazy: a SOFTWARE hive of 65 MB opens and answers at once', () => {
  const bytes = read('win81ent-eval-x64.SOFTWARE.gz');
  const start = performance.now();
  const hive = openRegf(bytes);
  assert.is(hive.find('microsoft\\WINDOWS nt\\currentversion')?.name, 'CurrentVersion');
  assert.is(hive.find('Microsoft\\No such key'), undefined);
  const took = performance.now() - start;
  assert.ok(took < 500, `${took} ms`);
  assert.ok(hive.dirty);
});

withReal('every kind of list, names in Latin-1 and UTF-16, big data', () => {
  const many = openRegf(read('edge/yarp/ManySubkeysHive'));
  const wide = many.subkeys(many.root).find((key) => key.subkeyCount > 4000)!;
  assert.ok(many.subkeyLists(wide).length > 1, 'no index of lists');
  const latin = openRegf(read('edge/yarp/ExtendedASCIIHive'));
  assert.ok(latin.subkeys(latin.root).some(({ name }) => /[\x80-\xff]/.test(name)));
  const big = openRegf(read('edge/yarp/BigDataHive'));
  const sizes = big.subkeys(big.root).flatMap((key) => big.values(key).map(({ raw }) => raw.length));
  assert.ok(
    [...sizes, ...big.values(big.root).map(({ raw }) => raw.length)].some((size) => size > 16_344),
    String(sizes),
  );
});

withReal('damage below one key leaves the others readable, and the damaged one throws each time', () => {
  const hive = openRegf(read('edge/yarp/BadSubkeyHive'));
  const failing = () => {
    const todo = [hive.root];
    for (let key = todo.pop(); key; key = todo.pop()) todo.push(...hive.subkeys(key));
  };
  assert.throws(failing, (error: unknown) => error instanceof FormatError);
  assert.throws(failing, (error: unknown) => error instanceof FormatError);
  assert.ok(hive.subkeys(hive.root).length > 0);
});

withReal('security descriptors come from the shared cells', () => {
  const hive = openRegf(read('win81.SAM'));
  const descriptor = hive.descriptor(hive.find('SAM\\Domains')!)!;
  assert.is(descriptor[0], 1);
  assert.ok(descriptor.length > 40);
});

test.run();
