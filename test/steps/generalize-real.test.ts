// Answer files that people really use, as the file in the image: the step's settings are in the result, all others stay, and xmllint reads it.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generalizeAnswerFile } from '../../steps/generalize-answer-file.ts';
import { componentsOf, parseAnswerFile, processedPasses, settingOf, settingsOf } from '../../unattend/model.ts';
import { image, PANTHER, SHELL } from '../helpers/answer-image.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { runStep } from '../helpers/step-tester.ts';

const FOLDER = join(realData, 'unattend');

/** Every setting by pass, component and path; lists keep their order. */
function settings(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const component of componentsOf(parseAnswerFile(bytes))) {
    for (const { path, value } of settingsOf(component)) {
      const key = `${component.pass} ${component.name} ${component.architecture} ${path}`.toLowerCase();
      found.set(key, [...(found.get(key) ?? []), value]);
    }
  }
  return found;
}

needRealData(test)('each real answer file keeps what it says and gets what a workspace needs', async () => {
  const names = readdirSync(FOLDER).filter((name) => /\.xml$/i.test(name));
  assert.ok(names.length > 30);
  let merged = 0;
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(join(FOLDER, name)));
    let before: ReadonlyMap<string, readonly string[]>;
    try {
      before = settings(bytes);
    } catch {
      continue; // No answer file: the test of the parser tells what is wrong with it.
    }
    if (processedPasses(parseAnswerFile(bytes)).length > 0) continue;
    const { image: after, notes } = await runStep(
      generalizeAnswerFile({ timeZone: 'W. Europe Standard Time' }),
      image({ [PANTHER]: bytes }),
    );
    const result = await after.read(PANTHER);
    assert.is(spawnSync('xmllint', ['--noout', '--nonet', '-'], { input: result }).status, 0, name);
    const file = parseAnswerFile(result);
    assert.is(settingOf(file, 'specialize', SHELL, 'TimeZone', 'amd64'), 'W. Europe Standard Time', name);
    assert.is(settingOf(file, 'generalize', 'Microsoft-Windows-Security-SPP', 'SkipRearm', 'amd64'), '0', name);
    const now = settings(result);
    const said = notes.join('\n');
    for (const [key, values] of before) {
      const kept = JSON.stringify(now.get(key)) === JSON.stringify(values);
      const last = key.split(/[ /]/).at(-1)!.replace(/\[.*$/, '');
      assert.ok(kept || said.toLowerCase().includes(last), `${name}: ${key} is not what it was, and no note says so`);
    }
    merged++;
  }
  assert.ok(merged > 25, `${merged} files`);
  console.error(`${merged} of ${names.length} real answer files merged`);
});

test.run();
