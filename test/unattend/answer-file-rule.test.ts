// The rule of a check over images: which files it sees, what it tells the check, and where it says so.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import type { AnswerContext } from '../../unattend/finding.ts';
import { answer } from '../helpers/answer-xml.ts';
import type { FakeSpec } from '../helpers/fake-image.ts';
import { lintCase } from '../helpers/rule-tester.ts';

const GOOD = answer('<ComputerName>*</ComputerName>');
const COMMAND = answer(
  '<FirstLogonCommands><SynchronousCommand><CommandLine>c:\\x.cmd</CommandLine></SynchronousCommand></FirstLogonCommands>',
  { pass: 'oobeSystem' },
);

/** Runs a check that finds every file, and notes what it was told. */
async function seen(image: FakeSpec) {
  const contexts: AnswerContext[] = [];
  const rule = answerFileRule({
    id: 'made',
    title: 'Made',
    description: 'x',
    messages: { here: 'here is {what}' },
    run(_, context) {
      contexts.push(context);
      return [{ check: 'made', messageId: 'here', severity: 'note', message: '', data: { what: 'a file' }, at: { line: 3, column: 1 } }];
    },
  });
  const result = await lintCase(rule, { image: { SOFTWARE: { Microsoft: {} }, SYSTEM: { Setup: {} }, ...image } });
  return { contexts, places: result.findings.map(({ at }) => ('file' in at ? at.file : '')).sort(), result };
}

test('sees answer files wherever they lie, and nothing else', async () => {
  const { places, result } = await seen({
    files: {
      '/Windows/Panther/unattend.xml': GOOD,
      '/deploy/a.xml': GOOD,
      '/deploy/unattend.txt': GOOD,
      '/deploy/wide.xml': new Uint8Array(Buffer.from(`\ufeff${GOOD.replace('utf-8', 'utf-16')}`, 'utf16le')),
      '/deploy/b.xml': '<b/>',
      '/deploy/broken.xml': GOOD.slice(0, -20),
      '/deploy/x.cfg': GOOD,
    },
    SYSTEM: { Setup: { UnattendFile: 'C:\\deploy\\x.cfg' } },
  });
  assert.equal(places, ['/Windows/Panther/unattend.xml', '/deploy/a.xml', '/deploy/unattend.txt', '/deploy/wide.xml', '/deploy/x.cfg']);
  const [{ rule, message, at }] = result.findings as [(typeof result.findings)[0]];
  assert.equal([rule, message, 'line' in at && at.line], ['answer-file/made', 'here is a file', 3]);
});

test('an error is one where Setup looks, and a warning in a file that lies elsewhere', async () => {
  const rule = answerFileRule({
    id: 'made',
    title: 'Made',
    description: 'x',
    messages: { here: 'here' },
    run: () => [{ check: 'made', messageId: 'here', severity: 'error', message: '', at: { line: 1, column: 1 } }],
  });
  for (const [path, severity] of [
    ['/Windows/Panther/unattend.xml', 'error'],
    ['/deploy/other.xml', 'warning'],
  ] as const) {
    const { findings } = await lintCase(rule, { image: { SOFTWARE: { Microsoft: {} }, SYSTEM: { Setup: {} }, files: { [path]: GOOD } } });
    assert.equal(
      findings.map((finding) => finding.severity),
      [severity],
      path,
    );
  }
});

test('tells architecture and place', async () => {
  const place = async (path: string, edition = 'Enterprise') => (await seen({ info: { edition }, files: { [path]: GOOD } })).contexts[0]!;
  assert.is((await place('/unattend.xml')).place, 'installed-image');
  assert.is((await place('/x.xml')).place, 'unknown');
  assert.is((await place('/unattend.xml', 'WindowsPE')).place, 'media');
  assert.is((await place('/x.xml')).architecture, 'amd64');
});

test('answers whether a file is there', async () => {
  const answers = async (files: FakeSpec['files']) => {
    const [context] = (await seen({ files: { '/a.xml': COMMAND, ...files } })).contexts;
    return ['c:\\x.cmd', 'c:\\never-asked.cmd'].map((path) => context!.hasFile!(path));
  };
  assert.equal(await answers({ '/X.CMD': '' }), [true, undefined]);
  assert.equal(await answers({}), [false, undefined]);
});

test.run();
