// Which answer file wins: the order of the search, passes that are done, files that nobody reads.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAnswerFile } from '../../unattend/model.ts';
import { type PlacedAnswerFile, shadowingOf } from '../../unattend/shadowing.ts';

/** `'specialize oobeSystem!'`: passes, those with a mark done already. */
const file = (path: string, passes: string | undefined, named = false): PlacedAnswerFile => ({
  path,
  file: passes === undefined ? undefined : answer(passes),
  named,
});
function answer(passes: string) {
  const settings = passes
    .split(' ')
    .filter((pass) => pass !== '')
    .map((pass) => `<settings pass="${pass.replace('!', '')}"${pass.endsWith('!') ? ' wasPassProcessed="true"' : ''}/>`);
  return parseAnswerFile(new TextEncoder().encode(`<unattend xmlns="urn:schemas-microsoft-com:unattend">${settings.join('')}</unattend>`));
}
const winners = (...files: PlacedAnswerFile[]) =>
  Object.fromEntries(shadowingOf(files).passes.map(({ pass, winner }) => [pass, winner ?? 'nobody']));

const PANTHER = '/Windows/Panther/unattend.xml';
const DOWN_LEVEL = '/Windows/Panther/Unattend/Unattend.xml';
const SYSPREP = '/Windows/System32/Sysprep/unattend.xml';
const ROOT = '/unattend.xml';

test('the first place that holds a pass wins it, in any case of the name and any order of the list', () => {
  assert.equal(
    winners(file(ROOT, 'specialize oobeSystem generalize'), file(SYSPREP, 'specialize oobeSystem'), file(PANTHER, 'specialize')),
    {
      generalize: ROOT,
      specialize: PANTHER,
      oobeSystem: SYSPREP,
    },
  );
  assert.equal(winners(file(PANTHER.toUpperCase(), 'specialize'), file(DOWN_LEVEL.toLowerCase(), 'specialize')), {
    specialize: DOWN_LEVEL.toLowerCase(),
  });
});

test('what the registry names stands before every place', () => {
  const named = file('/Deploy/site.xml', 'specialize', true);
  assert.equal(winners(file(DOWN_LEVEL, 'specialize'), named), { specialize: '/Deploy/site.xml' });
  assert.equal(winners(file(DOWN_LEVEL, 'specialize'), { ...named, named: false }), { specialize: DOWN_LEVEL });
  assert.match(shadowingOf([named]).passes[0]!.reason, 'registry value');
});

test('a pass that is done is not run again, and the next place gets its turn', () => {
  const shadowing = shadowingOf([file(PANTHER, 'specialize! oobeSystem'), file(SYSPREP, 'specialize')]);
  assert.is(shadowing.passes[0]!.winner, SYSPREP);
  assert.equal(shadowing.passes[0]!.losers, [{ path: PANTHER, reason: 'the pass is marked as done in it' }]);
  assert.equal(shadowing.stale, []);
  assert.equal(winners(file(PANTHER, 'specialize!')), { specialize: 'nobody' });
});

test('the passes of an installation are never looked for in Sysprep, nor run from an installed image', () => {
  assert.equal(winners(file(SYSPREP, 'offlineServicing windowsPE')), { windowsPE: 'nobody', offlineServicing: 'nobody' });
  const [outcome] = shadowingOf([file(SYSPREP, 'offlineServicing'), file(ROOT, 'offlineServicing')]).passes;
  assert.is(outcome!.winner, ROOT);
  assert.match(outcome!.reason, 'only while it installs');
  assert.match(outcome!.losers[0]!.reason, 'not searched');
});

const STALE: readonly (readonly [string, PlacedAnswerFile, RegExp])[] = [
  ['shadowed in all that it holds', file(SYSPREP, 'specialize'), /^specialize: \/Windows\/Panther\/unattend.xml is found before it$/],
  ['done in all that it holds', file(DOWN_LEVEL, 'specialize! oobeSystem!'), /specialize: the pass is marked as done in it; oobeSystem: /],
  ['a copy', file('/Windows/Panther/unattend-original.xml', 'generalize'), /does not read it here: a copy/],
  ['elsewhere', file('/Deploy/unattend.xml', 'generalize'), /does not look for answer files here/],
  ['broken', file(ROOT, undefined), /cannot be read/],
  ['without a pass', file(ROOT, ''), /holds no configuration pass/],
  ['with a pass that there is not', file(ROOT, 'audit'), /holds no configuration pass/],
];

for (const [name, one, reason] of STALE) {
  test(`a stale file: ${name}`, () => {
    const { stale, passes } = shadowingOf([file(PANTHER, 'specialize'), one]);
    assert.equal(
      stale.map(({ path }) => path),
      [one.path],
    );
    assert.match(stale[0]!.reason, reason);
    assert.is(passes.find(({ pass }) => pass === 'specialize')!.winner, PANTHER);
  });
}

test('without files nothing wins and nothing is stale', () => assert.equal(shadowingOf([]), { passes: [], stale: [] }));

test.run();
