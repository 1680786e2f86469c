// Shapes of libraries around the licensing client: the client, what hands it on, proxies, hooks.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePe } from '../../../formats/pe/facts.ts';
import { isPe } from '../../../formats/pe/headers.ts';
import { claimsMicrosoft, licensingShape, looksLikeActivationHook } from '../../../formats/pe/licensing.ts';
import { makePe, type PeSpec } from '../../helpers/make-pe.ts';
import { needWinePrograms, winePrograms } from '../../helpers/wine-programs.ts';

const facts = (spec: PeSpec) => parsePe(makePe(spec));
const OTHERS = ['SLOpen', 'SLClose', 'SLInstallLicense', 'SLGetSLIDList', 'SLConsumeRight'];
const all = (to: string) => Object.fromEntries(OTHERS.map((name) => [name, to === '' ? '' : `${to}.${name}`]));

test('a proxy hands on all but the answer, whatever the other library is called', () => {
  const shape = licensingShape(facts({ exports: { ...all('ANYTHING'), SLGetLicensingStatusInformation: '' } }));
  assert.equal(shape, { functions: 6, handedOn: 5, to: 'anything', answersItself: true });
});

test('the client brings its functions, an old name of it hands all of them on', () => {
  assert.is(licensingShape(facts({ exports: { ...all(''), SLGetLicensingStatusInformation: '' } }))?.answersItself, false);
  const old = licensingShape(
    facts({ exports: { ...all('SPPC'), SLGetLicensingStatusInformation: 'SPPC.SLGetLicensingStatusInformation' } }),
  );
  assert.equal(old, { functions: 6, handedOn: 6, to: 'sppc', answersItself: false });
});

test('other functions are none of it', () => {
  assert.is(licensingShape(facts({ exports: { SLeep: '', Slice: '', DllMain: '' } })), undefined);
  assert.is(licensingShape(facts({})), undefined);
});

test('the maker as the version information claims it', () => {
  assert.is(claimsMicrosoft(facts({ version: { CompanyName: 'Microsoft Corporation' } })), true);
  assert.is(claimsMicrosoft(facts({ version: { CompanyName: 'Microsoft Corporation Fans' } })), false);
  assert.is(claimsMicrosoft(facts({})), false);
});

test('a hook by its entry, and by what it takes', () => {
  assert.ok(looksLikeActivationHook(facts({ exports: { PatcherMainW: '' } })));
  const imports = { 'RPCRT4.dll': ['RpcStringBindingComposeW', 'NdrClientCall2'], 'KERNEL32.dll': ['VirtualProtect'] };
  assert.ok(looksLikeActivationHook(facts({ exports: { InitHook: '' }, imports })));
  assert.not.ok(looksLikeActivationHook(facts({ exports: { DllMain: '' }, imports })));
  assert.not.ok(looksLikeActivationHook(facts({ exports: { InitHook: '' }, imports: { 'USER32.dll': ['SetWindowsHookExW'] } })));
});

needWinePrograms(test)('no program of wine is a proxy, and none looks like a hook', () => {
  const hooks: string[] = [];
  for (const path of winePrograms()) {
    const content = new Uint8Array(readFileSync(path));
    if (!isPe(content)) continue;
    const found = parsePe(content);
    assert.not.ok(licensingShape(found)?.answersItself, path);
    if (looksLikeActivationHook(found)) hooks.push(basename(path));
  }
  assert.equal(hooks, []);
});

test.run();
