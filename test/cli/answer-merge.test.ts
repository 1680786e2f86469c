// wtgforge answer merge: three answers to a conflict, an output that appears whole and private, real files.
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attributeOf, elementsOf } from '../../formats/xml/tree.ts';
import { componentsOf, parseAnswerFile, settingOf } from '../../unattend/model.ts';
import { answerXml, SHELL, withFiles } from '../helpers/answer-folder.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';

const BASE = answerXml('<TimeZone>UTC</TimeZone>');
const LATER = answerXml(
  '<!-- theirs -->\n      <TimeZone>W. Europe Standard Time</TimeZone>\n      <RegisteredOwner>Corp</RegisteredOwner>',
);
const get = (text: string | Uint8Array, path: string, pass = 'specialize') =>
  settingOf(parseAnswerFile(typeof text === 'string' ? new TextEncoder().encode(text) : text), pass, SHELL, path);

test('the later file wins unless the base is to; either way both places and values are named', async () => {
  await withFiles({ 'base.xml': BASE, 'later.xml': LATER }, async (paths) => {
    for (const [words, zone, kept] of [
      [[], 'W. Europe Standard Time', 'later.xml'],
      [['--conflict', 'later'], 'W. Europe Standard Time', 'later.xml'],
      [['--conflict', 'base'], 'UTC', 'base.xml'],
    ] as const) {
      const { code, out, err } = await cli(['answer', 'merge', paths['base.xml'], paths['later.xml'], ...words]);
      assert.is(code, 0);
      assert.is(get(out, 'TimeZone'), zone);
      assert.is(get(out, 'RegisteredOwner'), 'Corp');
      assert.match(err, 'specialize / Microsoft-Windows-Shell-Setup (amd64) / TimeZone');
      assert.match(err, `${paths['base.xml']}:5:7`);
      assert.match(err, `${paths['later.xml']}:6:7`);
      assert.match(err, new RegExp(`kept .*${kept}`));
    }
  });
});

test('with --conflict error nothing is written and the exit code is 1', async () => {
  await withFiles({ 'base.xml': BASE, 'later.xml': LATER }, async (paths, folder) => {
    const output = join(folder, 'out.xml');
    const words = ['answer', 'merge', paths['base.xml'], paths['later.xml'], '--conflict', 'error', '--output', output];
    const { code, out, err } = await cli(words);
    assert.equal([code, out], [1, '']);
    assert.match(err, 'TimeZone');
    assert.equal(readdirSync(folder).sort(), ['base.xml', 'later.xml']);
    const json = await cli([...words, '--json']);
    const document = JSON.parse(json.out) as { conflicts: { setting: string; kept: string }[]; output?: string };
    assert.equal([json.code, document.conflicts.length, document.conflicts[0]!.kept, document.output], [1, 1, 'neither', undefined]);
    const agreeing = await cli(['answer', 'merge', paths['base.xml'], paths['base.xml'], '--conflict', 'error', '--output', output]);
    assert.is(agreeing.code, 0);
    assert.is(readFileSync(output, 'utf8'), BASE);
  });
});

test('an output that is there stays without --force, and is replaced whole with it', async () => {
  await withFiles({ 'base.xml': BASE, 'later.xml': LATER, 'out.xml': 'mine' }, async (paths, folder) => {
    const words = ['answer', 'merge', paths['base.xml'], paths['later.xml'], '--output', paths['out.xml']];
    const refused = await cli(words);
    assert.is(refused.code, 2);
    assert.match(refused.err, 'exists already');
    assert.is(readFileSync(paths['out.xml'], 'utf8'), 'mine');
    assert.is((await cli([...words, '--force'])).code, 0);
    assert.is(get(readFileSync(paths['out.xml']), 'RegisteredOwner'), 'Corp');
    assert.equal(readdirSync(folder).sort(), ['base.xml', 'later.xml', 'out.xml']);
    const folderItself = await cli(['answer', 'merge', paths['base.xml'], '--output', folder, '--force']);
    assert.equal([folderItself.code, /is a folder/.test(folderItself.err)], [2, true]);
    const nowhere = await cli(['answer', 'merge', paths['base.xml'], '--output', join(folder, 'absent', 'out.xml')]);
    assert.equal([nowhere.code, /cannot be written \(ENOENT\)/.test(nowhere.err)], [2, true]);
    // An output may be one of the inputs: they are read before.
    assert.is((await cli(['answer', 'merge', paths['base.xml'], paths['later.xml'], '--output', paths['base.xml'], '--force'])).code, 0);
    assert.is(get(readFileSync(paths['base.xml']), 'RegisteredOwner'), 'Corp');
  });
});

const PRIVATE: readonly (readonly [string, string, boolean])[] = [
  ['a password', '<AutoLogon><Password><Value>Tr0ub4dor</Value><PlainText>true</PlainText></Password></AutoLogon>', true],
  ['a command that names one', '<LogonCommands><CommandLine>net user bob Tr0ub4dor</CommandLine></LogonCommands>', true],
  ['a blob of a domain join', '<Provisioning><AccountData>AAAA</AccountData></Provisioning>', true],
  ['a key that may be somebody’s', '<ProductKey>ABCDE</ProductKey>', true],
  ['nothing secret', '<TimeZone>UTC</TimeZone>', false],
  ['a password that Setup has deleted', '<AutoLogon><Password>*SENSITIVE*DATA*DELETED*</Password></AutoLogon>', false],
];

for (const [name, body, secret] of PRIVATE) {
  test(`an output with ${name} is readable ${secret ? 'by its owner only' : 'as usual'}`, async () => {
    await withFiles({ 'base.xml': BASE, 'later.xml': answerXml(body, { pass: 'oobeSystem' }) }, async (paths, folder) => {
      const output = join(folder, 'out.xml');
      writeFileSync(output, '');
      chmodSync(output, 0o644);
      const before = process.umask(0o022);
      try {
        assert.is((await cli(['answer', 'merge', paths['base.xml'], paths['later.xml'], '--output', output, '--force'])).code, 0);
      } finally {
        process.umask(before);
      }
      assert.is((statSync(output).mode & 0o777).toString(8), secret ? '600' : '644');
    });
  });
}

test('two passwords that differ are a conflict, and neither is shown', async () => {
  const logon = (text: string) =>
    answerXml(`<AutoLogon><Password><Value>${text}</Value><PlainText>true</PlainText></Password></AutoLogon>`, { pass: 'oobeSystem' });
  await withFiles({ 'a.xml': logon('Tr0ub4dor'), 'b.xml': logon('c0rrecthorse') }, async (paths, folder) => {
    const { code, out, err } = await cli(['answer', 'merge', paths['a.xml'], paths['b.xml'], '--output', join(folder, 'o.xml'), '--json']);
    assert.is(code, 0);
    assert.is((JSON.parse(out) as { conflicts: object[] }).conflicts.length, 1);
    for (const secret of ['Tr0ub', 'c0rrect']) assert.not.ok((out + err).includes(secret));
  });
});

test('JSON tells where every setting came from', async () => {
  await withFiles({ 'base.xml': BASE, 'later.xml': LATER }, async (paths, folder) => {
    const { out } = await cli(['answer', 'merge', paths['base.xml'], paths['later.xml'], '--output', join(folder, 'o.xml'), '--json']);
    const document = JSON.parse(out) as { schema: string; settings: { path: string; from: { name: string; line: number } }[] };
    assert.is(document.schema, 'wtgforge/answer-merge@1');
    assert.equal(
      document.settings.map(({ path, from }) => [path, from.name, from.line]),
      [
        ['TimeZone', paths['later.xml'], 6],
        ['RegisteredOwner', paths['later.xml'], 7],
      ],
    );
  });
});

needRealData(test)('five real files become one that parses, with their conflicts named', async () => {
  const folder = join(realData, 'unattend');
  const names = readdirSync(folder).filter((name) => name.includes('windows__assets'));
  const paths = names.slice(0, 5).map((name) => join(folder, name));
  assert.is(paths.length, 5);
  const { code, out, err } = await cli(['answer', 'merge', ...paths]);
  assert.is(code, 0);
  assert.ok(parseAnswerFile(new TextEncoder().encode(out)));
  assert.match(err, /settings? (?:has|have) two values: the later file wins/);
});

needRealData(test)('a real file alone comes out byte for byte, unless it repeats a pass or a component', async () => {
  const folder = join(realData, 'unattend');
  await withFiles({}, async (_, scratch) => {
    const output = join(scratch, 'out.xml');
    let same = 0;
    for (const name of readdirSync(folder)) {
      const { code } = await cli(['answer', 'merge', join(folder, name), '--output', output, '--force']);
      if (code !== 0) continue; // No answer file.
      const [before, after] = [readFileSync(join(folder, name)), readFileSync(output)];
      if (before.equals(after)) same++;
      else assert.ok(repeats(before), name);
    }
    assert.ok(same >= 50, String(same));
  });
});

function repeats(bytes: Uint8Array): boolean {
  const file = parseAnswerFile(bytes);
  const passes = elementsOf(file.document.root).map((element) => attributeOf(element, 'pass'));
  const components = componentsOf(file).map(({ pass, name, architecture }) => `${pass}/${name}/${architecture}`);
  return [passes, components].some((names) => new Set(names).size < names.length);
}

test.run();
