// All checks over one file: order, completeness of the list, real files, mutated files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { camelCase, repository, sourceFiles } from '../../scripts/dev/catalogue.ts';
import { checkAnswerFile } from '../../unattend/check.ts';
import { answerChecks } from '../../unattend/checks/index.ts';
import { type AnswerFile, parseAnswerFile, renderAnswerFile } from '../../unattend/model.ts';
import { answer } from '../helpers/answer-xml.ts';
import { needRealData, realData } from '../helpers/need.ts';

const SAMPLE = answer(
  `<ComputerName>a b</ComputerName>
<OOBE><ProtectYourPC>9</ProtectYourPC></OOBE>
<FirstLogonCommands><SynchronousCommand><Order>2</Order></SynchronousCommand></FirstLogonCommands>
<Unknown/>`,
);
const check = (text: string) => checkAnswerFile(parseAnswerFile(Buffer.from(text)));

test('findings stand in the order of their place, with the check that made them', () => {
  const found = check(SAMPLE).map(({ check: id, severity, at }) => [at?.line, id, severity]);
  assert.equal(found, [
    [5, 'computer-name', 'error'],
    [6, 'setting-pass', 'warning'],
    [6, 'setting-value', 'warning'],
    [7, 'list-action', 'warning'],
    [7, 'list-order', 'note'],
    [8, 'known-setting', 'note'],
  ]);
});

test('an empty answer file has nothing to be said about', () => {
  assert.equal(check('<unattend xmlns="urn:schemas-microsoft-com:unattend"/>'), []);
});

test('every check stands in the list under the name of its file, and has its lint rule', () => {
  const named = (folder: string, except: readonly string[]) =>
    sourceFiles(folder, repository)
      .map((path) => path.slice(folder.length + 1, -'.ts'.length))
      .filter((id) => !except.includes(id));
  const ids = named('unattend/checks', ['index']);
  assert.equal(answerChecks.map(({ id }) => id).sort(), [...ids].sort());
  assert.equal([...named('rules/answer-file', ['readable'])].sort(), [...ids].sort());
  for (const { id, title, description, messages } of answerChecks) {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.not.match(title, /[.!]$/);
    assert.ok(description.includes('**Repair.**'), id);
    assert.ok(
      Object.values(messages).every((text) => text.trim() !== ''),
      camelCase(id),
    );
  }
});

test('an answer file made to flood the report is cut', () => {
  const found = check(answer('<A>1</A>\n'.repeat(5000)));
  assert.ok(found.length > 100 && found.length < 500, String(found.length));
});

/** A file that may be broken: undefined when it is. */
function readable(bytes: Uint8Array): AnswerFile | undefined {
  try {
    return parseAnswerFile(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

test('a mutated file is refused or checked, and reads the same after it was written', () => {
  const bytes = Buffer.from(SAMPLE);
  let checked = 0;
  const edit = fc.tuple(fc.nat(bytes.length - 1), fc.nat(20), fc.constantFrom('', '"', '<', '>', '&', 'a', ' ', '<A/>', '{', '9', '\n'));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const mutated = edits.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), SAMPLE);
      const file = readable(Buffer.from(mutated));
      if (!file) return;
      checked++;
      const before = checkAnswerFile(file);
      const again = parseAnswerFile(renderAnswerFile(file));
      assert.equal(again, file);
      assert.equal(checkAnswerFile(again), before);
    }),
    { numRuns: 1000 },
  );
  assert.ok(checked > 50, `only ${checked} mutated files could be read`);
});

needRealData(test)('real files: a short report for each, quickly, and the same after they were written', () => {
  const folder = join(realData, 'unattend');
  const counts: number[] = [];
  for (const name of readdirSync(folder)) {
    const file = readable(readFileSync(join(folder, name)));
    if (!file) continue;
    const began = performance.now();
    const found = checkAnswerFile(file, { architecture: 'amd64' });
    assert.ok(performance.now() - began < 500, name);
    counts.push(found.length);
    const again = parseAnswerFile(renderAnswerFile(file));
    assert.equal(checkAnswerFile(again, { architecture: 'amd64' }), found, name);
    for (const { message, at } of found) assert.ok(at && !message.includes('\n') && message.length < 700, `${name}: ${message}`);
  }
  counts.sort((a, b) => a - b);
  assert.ok(counts.length >= 50, `only ${counts.length} files`);
  assert.ok(counts[counts.length >> 1]! <= 3, `median ${counts[counts.length >> 1]}`);
  assert.ok(counts.at(-1)! <= 20, `most ${counts.at(-1)}`);
});

test.run();
