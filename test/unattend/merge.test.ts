// Merging answer files: what is added, what wins, what stays as it was written, and the laws that hold for any files.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import { type MergeInput, mergeAnswerFiles } from '../../unattend/merge.ts';
import { MergeConflictError } from '../../unattend/merge-conflict.ts';
import { contentOf } from '../../unattend/merge-key.ts';
import { componentsOf, parseAnswerFile, renderAnswerFile, settingOf, settingsOf } from '../../unattend/model.ts';
import { answer, commands, input, LATER, oobe, SHELL, shell, text } from '../helpers/merge-input.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { randomAnswer } from '../helpers/random-answer.ts';

test('a conflict has both values and places, and each of the three answers holds', () => {
  const files = [
    input('a.xml', oobe('\n<TimeZone>UTC</TimeZone><X>1</X>')),
    input('b.xml', oobe('<TimeZone>GMT Standard Time</TimeZone><X>1</X>')),
  ];
  const later = mergeAnswerFiles(files, LATER);
  assert.equal(later.conflicts, [
    {
      pass: 'oobeSystem',
      component: SHELL,
      architecture: 'amd64',
      setting: 'TimeZone',
      base: { value: '"UTC"', place: { name: 'a.xml', line: 2, column: 1 } },
      later: { value: '"GMT Standard Time"', place: { name: 'b.xml', line: 1, column: oobe('').indexOf('</component>') + 1 } },
      kept: 'later',
    },
  ]);
  assert.is(settingOf(later.file, 'oobeSystem', SHELL, 'TimeZone'), 'GMT Standard Time');
  const base = mergeAnswerFiles(files, { conflict: 'base' });
  assert.is(base.file, files[0]!.file);
  assert.is(base.conflicts[0]!.kept, 'base');
  try {
    mergeAnswerFiles([...files, input('c.xml', oobe('<X>2</X>'))], { conflict: 'error' });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, MergeConflictError);
    assert.equal(
      (error as MergeConflictError).conflicts.map(({ setting, kept }) => `${setting} ${kept}`),
      ['TimeZone neither', 'X neither'],
    );
  }
  assert.equal(mergeAnswerFiles([files[0]!, files[0]!], { conflict: 'error' }).conflicts, []);
});

test('truth values in another case are the same value, and an empty group is no value', () => {
  const merged = mergeAnswerFiles([input('a', oobe('<A>true</A><G/>')), input('b', oobe('<A>True</A><G><B>1</B></G>'))], {
    conflict: 'error',
  });
  assert.is(text(merged), oobe('<A>true</A><G><B>1</B></G>'));
  assert.is(mergeAnswerFiles([input('a', oobe('<A>x</A>')), input('b', oobe('<A/>'))], LATER).conflicts[0]!.later.value, '""');
});

test('items are merged by key and counted anew: first those of the base in their order, then the new ones in theirs', () => {
  const merged = mergeAnswerFiles(
    [input('a', oobe(commands([99, 'last'], [5, 'first']))), input('b', oobe(commands([7, 'y'], [2, 'first'], [3, 'x'], [9, 'first'])))],
    { conflict: 'error' },
  );
  assert.is(text(merged), oobe(commands([2, 'last'], [1, 'first'], [4, 'y'], [3, 'x'], [5, 'first'])));
  const same = mergeAnswerFiles([input('a', oobe(commands([99, 'last'], [5, 'first']))), input('b', oobe(commands([1, 'last'])))], LATER);
  assert.is(text(same), oobe(commands([99, 'last'], [5, 'first'])));
});

test('accounts go by name whatever its case, driver paths by their key, and a password is taken whole', () => {
  const account = (name: string, value: string, plain: string) =>
    `<LocalAccount wcm:action="add"><Name>${name}</Name><Password><Value>${value}</Value>${plain}</Password></LocalAccount>`;
  const path = (key: number, where: string) =>
    `<PathAndCredentials wcm:action="add" wcm:keyValue="${key}"><Path>${where}</Path></PathAndCredentials>`;
  const merged = mergeAnswerFiles(
    [
      input('a', oobe(account('Bob', 'aaaa', '<PlainText>false</PlainText>') + path(1, 'D:\\'))),
      input('b', oobe(account('bob', 'geheim', '') + account('eve', 'x', '') + path(2, 'E:\\') + path(1, 'F:\\'))),
    ],
    LATER,
  );
  assert.is(text(merged), oobe(account('Bob', 'geheim', '') + path(1, 'F:\\') + account('eve', 'x', '') + path(2, 'E:\\')));
  assert.equal(
    merged.conflicts.map(({ setting, base, later }) => [setting, base.value, later.value]),
    [
      ['LocalAccount[Name=Bob]/Password', '(redacted)', '(redacted)'],
      ['PathAndCredentials[1]/Path', '"D:\\\\"', '"F:\\\\"'],
    ],
  );
});

test('components of other architectures, languages and scopes stay apart; what is left out counts as usual', () => {
  const one = (more: string) => input('x', answer(`<settings pass="specialize">${shell('<A>1</A>', more)}</settings>`));
  const usual = 'processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"';
  const merge = (...more: string[]) => componentsOf(mergeAnswerFiles(more.map(one), LATER).file).length;
  assert.is(merge(usual, usual.replace('nonSxS', 'NonSxS').replace('amd64', 'AMD64'), 'processorArchitecture="amd64"'), 1);
  assert.is(merge(usual, usual.replace('amd64', 'x86')), 2);
  assert.is(merge(usual, usual.replace('neutral', 'de-DE'), usual.replace('nonSxS', 'SxS'), usual.replace('31bf', '0000')), 4);
});

test('a pass, component or setting that stands twice in one file is made one, and what it says twice is a conflict', () => {
  const twice = answer(
    `<settings pass="oobeSystem">\n${shell('<A>1</A>')}</settings>\n<settings pass="oobeSystem">${shell('<A>2</A><B>3</B>')}${shell('<B>3</B>')}</settings>`,
  );
  const merged = mergeAnswerFiles([input('a', twice)], LATER);
  assert.is(text(merged), answer(`<settings pass="oobeSystem">\n${shell('<A>2</A><B>3</B>')}</settings>`));
  assert.equal(
    merged.conflicts.map(({ base, later }) => [base.place!.line, later.place!.line]),
    [[2, 3]],
  );
  assert.throws(
    () => mergeAnswerFiles([input('a', twice)], { conflict: 'error' }),
    (error: Error) => error instanceof MergeConflictError,
  );
  const [empty, full] = ['<settings pass="oobeSystem"></settings>\n', `<settings  pass="oobeSystem"><!-- c -->${shell('<A/>')}</settings>`];
  assert.is(text(mergeAnswerFiles([input('a', answer(`${empty}${full}`))], LATER)), answer(`\n${full}`));
  assert.is(text(mergeAnswerFiles([input('a', answer(`${full}${empty}`))], LATER)), answer(`${full}\n`));
});

test('what is no setting is not looked into: servicing is kept once, and twice when it says something else', () => {
  const servicing = (version: string) =>
    `<servicing><package action="install"><i v="${version}"/></package><package action="x"/></servicing>`;
  const files = ['1', '1', '2'].map((version) => input(version, answer(servicing(version))));
  assert.is(text(mergeAnswerFiles(files, { conflict: 'error' })).match(/<servicing>/g)!.length, 2);
});

test('UTF-16 and UTF-8 are merged in the encoding of the base', () => {
  const utf16 = (source: string) => new Uint8Array(Buffer.from(`\ufeff${source}`, 'utf16le'));
  const [wide, narrow] = [utf16(oobe('<A>ä</A>')), oobe('<B>ß</B>')];
  const both = oobe('<A>ä</A><B>ß</B>');
  assert.equal(renderAnswerFile(mergeAnswerFiles([input('w', wide), input('n', narrow)], LATER).file), utf16(both));
  assert.is(text(mergeAnswerFiles([input('n', narrow), input('w', wide)], LATER)), oobe('<B>ß</B><A>ä</A>'));
});

test('every node of the result says which input and line it came from', () => {
  const a = input('a.xml', oobe(`\n<A>1</A>\n<G><B>1</B></G>${commands([1, 'x'])}`));
  const b = input('b.xml', oobe(`\n\n\n\n<A>2</A>\n<G><C>1</C></G>\n${commands([1, 'y'])}`));
  const { file, provenance } = mergeAnswerFiles([a, b], LATER);
  const places = new Map<string, string>();
  const visit = (element: XmlElement) => {
    const place = provenance(element);
    assert.ok(place, element.name);
    if (elementsOf(element).length === 0) places.set(`${element.local} ${textOf(element)}`, `${place!.name}:${place!.line}`);
    elementsOf(element).forEach(visit);
  };
  visit(file.document.root);
  assert.equal(Object.fromEntries(places), {
    'A 2': 'b.xml:5',
    'B 1': 'a.xml:3',
    'C 1': 'b.xml:6',
    'Order 1': 'a.xml:3',
    'CommandLine x': 'a.xml:3',
    'Order 2': 'b.xml:7',
    'CommandLine y': 'b.xml:7',
  });
});

test('nothing to merge is refused, and one file is given back as it is', () => {
  assert.throws(
    () => mergeAnswerFiles([], LATER),
    (error: Error) => error instanceof ConfigError && /list is empty/.test(error.message),
  );
  const one = input('a', oobe('<A>1</A>'));
  assert.is(mergeAnswerFiles([one], LATER).file, one.file);
});

/** What a file says, whatever its formatting. */
const meaning = (file: MergeInput['file']) => contentOf(file.document.root);
const merged = (conflict: 'later' | 'base', ...files: readonly MergeInput['file'][]) =>
  mergeAnswerFiles(
    files.map((file, at) => ({ name: `${at}.xml`, file })),
    { conflict },
  ).file;
const random = randomAnswer.map((source) => input('random', source).file);

test('any files: merging is associative and deterministic, and what was merged brings nothing new', () => {
  fc.assert(
    fc.property(random, random, random, fc.constantFrom('later' as const, 'base' as const), (a, b, c, answer) => {
      const all = meaning(merged(answer, a, b, c));
      assert.is(meaning(merged(answer, merged(answer, a, b), c)), all);
      assert.is(meaning(merged(answer, a, merged(answer, b, c))), all);
      assert.is(meaning(merged(answer, a, b, c)), all);
      const one = merged(answer, a);
      assert.is(merged(answer, one, one), one);
      const two = merged('later', a, b);
      assert.is(merged('later', two, merged('later', b)), two);
      assert.is(merged('base', two, a, b), two);
    }),
    { numRuns: 400 },
  );
});

test('any files: what comes out is read back as the same, and a list that grew is numbered from 1 to n', () => {
  let grown = 0;
  fc.assert(
    fc.property(random, random, (a, b) => {
      const both = merged('later', a, b);
      assert.is(meaning(parseAnswerFile(renderAnswerFile(both))), meaning(both));
      const before = numbersOf(merged('later', a));
      for (const [where, numbers] of numbersOf(both)) {
        const had = before.get(where)?.length ?? 0;
        if (had === 0 || had === numbers.length) continue;
        grown++;
        assert.equal(
          [...numbers].sort((x, y) => x - y),
          numbers.map((_, at) => at + 1),
        );
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(grown > 50, `${grown} lists grew`);
});

/** The numbers of the commands in each component. */
function numbersOf(file: MergeInput['file']): ReadonlyMap<string, readonly number[]> {
  return new Map(
    componentsOf(file).map((component) => [
      `${component.pass} ${component.name} ${component.architecture.toLowerCase()}`,
      settingsOf(component).flatMap(({ path, value }) => (path.endsWith('SynchronousCommand/Order') ? [Number(value)] : [])),
    ]),
  );
}

test('damaged input is refused by the parser or merged; nothing else is thrown, and a long list is no long wait', () => {
  let mergedAny = 0;
  fc.assert(
    fc.property(
      randomAnswer,
      random,
      fc.nat(),
      fc.constantFrom('', '<', '>', '"', '&', '<!--', '</', 'xmlns:wcm="x"', '<settings>'),
      (source, other, at, noise) => {
        const from = at % source.length;
        let damaged: MergeInput['file'];
        try {
          damaged = input('damaged', source.slice(0, from) + noise + source.slice(from + 1)).file;
        } catch (error) {
          assert.instance(error, FormatError);
          return;
        }
        mergedAny++;
        for (const file of [merged('later', damaged, other), merged('later', other, damaged)]) parseAnswerFile(renderAnswerFile(file));
      },
    ),
    { numRuns: 1000 },
  );
  assert.ok(mergedAny > 50, `${mergedAny} merged`);
  const many = (name: string) => oobe(commands(...Array.from({ length: 10_000 }, (_, at) => [at + 1, `${name}${at}`] as const)));
  const start = performance.now();
  assert.is(mergeAnswerFiles([input('a', many('a')), input('b', many('b'))], LATER).conflicts.length, 0);
  assert.ok(performance.now() - start < 8000);
});

test('where it is not associative: a setting that is text in one file and a group in another', () => {
  const [a, b, c] = ['<G><X>1</X></G>', '<G>text</G>', '<G><Y>2</Y></G>'].map((body) => input('x', oobe(body)).file);
  assert.is(text({ file: merged('later', merged('later', a!, b!), c!) }), oobe('<G><Y>2</Y></G>'));
  assert.is(text({ file: merged('later', a!, merged('later', b!, c!)) }), oobe('<G><X>1</X><Y>2</Y></G>'));
});

needRealData(test)(
  'real files: merged with itself each is the same, and merged with its neighbours it is valid XML that adds nothing twice',
  () => {
    const folder = join(realData, 'unattend');
    const files = readdirSync(folder).flatMap((name) => {
      try {
        return [input(name, new Uint8Array(readFileSync(join(folder, name))))];
      } catch (error) {
        assert.instance(error, FormatError);
        return [];
      }
    });
    assert.ok(files.length > 50);
    let slowest = 0;
    for (const [at, file] of files.entries()) {
      const own = mergeAnswerFiles([file], LATER).file;
      assert.is(mergeAnswerFiles([{ name: 'own', file: own }, file], { conflict: 'error' }).file, own, file.name);
      const five = [0, 1, 2, 3, 4].map((step) => files[(at + step * 7) % files.length]!);
      const start = performance.now();
      const { file: merged } = mergeAnswerFiles(five, LATER);
      slowest = Math.max(slowest, performance.now() - start);
      const bytes = renderAnswerFile(merged);
      const again = { name: 'again', file: parseAnswerFile(bytes) };
      assert.is(mergeAnswerFiles([again, five[4]!], { conflict: 'error' }).file, again.file, file.name);
      if (at % 8 === 0) assert.is(spawnSync('xmllint', ['--noout', '--nonet', '-'], { input: bytes }).status ?? 0, 0, file.name);
    }
    // The figure to hold is 50 ms; the bound is wide because other tests share the machine.
    assert.ok(slowest < 500, `${slowest} ms`);
  },
);

test.run();
