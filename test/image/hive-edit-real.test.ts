// Hive writing on real hives: the export differs exactly by the edits, and nothing removed stays.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { viewOf } from '../../formats/bytes.ts';
import { openRegf } from '../../formats/hive/hive.ts';
import { openHive } from '../../image/hive.ts';
import { applyHiveEdits } from '../../image/hive-edit.ts';
import { exportReg } from '../../tools/hivex.ts';
import { withScratch } from '../../tools/scratch.ts';
import { about, edited, refusal, removeKey, set } from '../helpers/hive-edits.ts';
import { needRealData, needTools, realData } from '../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });
const withReal = needRealData(withTool as never);
function real(name: string): Uint8Array {
  const bytes = readFileSync(join(realData, 'hives', name));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

async function exported(bytes: Uint8Array): Promise<readonly string[]> {
  return withScratch(async (folder) => {
    await writeFile(join(folder, 'hive'), bytes);
    return (await exportReg(join(folder, 'hive'))).split('\n');
  });
}

/** Lines that went and came, each with the key it stands under. */
async function exportDifference(before: Uint8Array, after: Uint8Array): Promise<{ gone: string[]; come: string[] }> {
  const [old, now] = [inKeys(await exported(before)), inKeys(await exported(after))];
  const [oldSet, nowSet] = [new Set(old), new Set(now)];
  return { gone: old.filter((line) => !nowSet.has(line)), come: now.filter((line) => !oldSet.has(line)) };
}

function inKeys(lines: readonly string[]): string[] {
  const out: string[] = [];
  let key = '';
  for (const line of lines) {
    if (line.startsWith('[')) key = line;
    else if (line !== '') out.push(`${key} ${line}`);
    if (line.startsWith('[')) out.push(line);
  }
  return out;
}

withReal('real hives: the export differs exactly by the edits, a second run changes nothing', async () => {
  for (const name of ['win10-2004.SYSTEM.gz', 'mini/win81.SOFTWARE-min', 'win10-default.NTUSER.DAT', 'win7.SECURITY']) {
    const before = real(name);
    const regf = openRegf(before);
    const victim = regf.subkeys(regf.root).find((key) => key.subkeyCount > 0 && regf.values(key).every(({ raw }) => raw.length <= 16_344))!;
    const first = regf.subkeys(victim)[0]!;
    const edits = [set('Wtg_Test\\Deep', 'v', 'text'), set(victim.name, 'Added', 1), set(`${victim.name}\\Wtg_é`, '', 2)];
    const after = await edited(before, ...edits);
    const { gone, come } = await exportDifference(before, after);
    assert.equal(gone, [], name);
    assert.equal(
      come.sort(),
      [
        '[\\Wtg_Test]',
        '[\\Wtg_Test\\Deep]',
        `[\\Wtg_Test\\Deep] "v"=hex(1):${'74,00,65,00,78,00,74,00,00,00'}`,
        `[\\${victim.name}\\Wtg_é]`,
        `[\\${victim.name}\\Wtg_é] @=dword:00000002`,
        `[\\${victim.name}] "Added"=dword:00000001`,
      ].sort(),
      name,
    );
    assert.is(await edited(after, ...edits), after, name);
    const less = await edited(after, removeKey(`${victim.name}\\${first.name}`), removeKey('Wtg_Test'));
    const removed = await exportDifference(after, less);
    assert.equal(removed.come, [], name);
    assert.ok(
      removed.gone.every((line) => line.startsWith(`[\\${victim.name}\\${first.name}`) || line.startsWith('[\\Wtg_Test')),
      name,
    );
    assert.ok(removed.gone.length > 2, name);
  }
});

withReal('a key with a value in pieces is refused; its neighbours can be written and it stays', async () => {
  const before = real('win10-2004.SYSTEM.gz');
  const key = 'ControlSet001\\Control\\ProductOptions';
  assert.is((await refusal(() => edited(before, set(key, 'x', 1)))).code, 'HIVE_VALUE_TOO_LARGE');
  const policy = openHive(before, 'SYSTEM').value(key, 'ProductPolicy')!;
  assert.ok(policy.raw.length > 16_344);
  const after = openHive(await edited(before, set('ControlSet001\\Services\\partmgr\\Parameters', 'SanPolicy', 4)), 'SYSTEM');
  assert.equal(after.value(key, 'ProductPolicy')?.raw, policy.raw);
  assert.equal(after.value('ControlSet001\\Services\\partmgr\\Parameters', 'SanPolicy')?.decoded, { type: 'REG_DWORD', data: 4 });
});

withReal('removing a key with a value in pieces leaves none of its bytes', async () => {
  const before = real('win10-2004.SYSTEM.gz');
  const policy = openHive(before, 'SYSTEM').value('ControlSet001\\Control\\ProductOptions', 'ProductPolicy')!.raw;
  const part = Buffer.from(policy.subarray(17_000, 17_200));
  assert.ok(Buffer.from(before).includes(part));
  assert.not.ok(Buffer.from(await edited(before, removeKey('ControlSet001\\Control\\ProductOptions'))).includes(part));
});

withReal('a class name goes with its key', async () => {
  const marked = real('win10-2004.SYSTEM.gz');
  const view = viewOf(marked);
  const key = 'ControlSet001\\Control\\Lsa\\JD'; // a quarter of the boot key is its class name
  const at = 0x1000 + openRegf(marked).find(key)!.cell + 4;
  assert.is(view.getUint16(at + 74, true), 16);
  marked.set(Buffer.from('MARKER-OF-CLASS!'), 0x1000 + view.getUint32(at + 48, true) + 4);
  assert.not.ok(Buffer.from(await edited(marked, removeKey(key))).includes('MARKER-OF-CLASS!'));
});

withReal('the real 8.1 SOFTWARE hive of 65 MB, not closed properly', async () => {
  const before = real('win81ent-eval-x64.SOFTWARE.gz');
  const spp = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
  const bytes = await applyHiveEdits(before, [set(spp, 'KeyManagementServiceName', 'kms.corp.example')], about);
  const [old, now] = [openHive(before, 'old'), openHive(bytes, 'new')];
  assert.equal(now.value(spp, 'KeyManagementServiceName')?.decoded, { type: 'REG_SZ', data: 'kms.corp.example' });
  assert.equal(now.keys(spp), old.keys(spp));
  assert.not.ok(now.dirty);
});

test.run();
