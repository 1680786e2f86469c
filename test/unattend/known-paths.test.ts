// Settings beside the table: unknown, in a wrong pass, under a wrong component.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pathFaults } from '../../unattend/known-paths.ts';
import { componentsOf, parseAnswerFile } from '../../unattend/model.ts';
import { type AnswerShape, answer } from '../helpers/answer-xml.ts';

const faults = (settings: string, shape?: AnswerShape) =>
  pathFaults(componentsOf(parseAnswerFile(Buffer.from(answer(settings, shape))))[0]!).map(({ kind, path }) => [kind, path]);

test('the topmost faulty setting speaks for all below it', () => {
  assert.equal(faults('<UserAccounts><LocalAccounts><X/></LocalAccounts></UserAccounts>'), [['wrong-pass', 'UserAccounts']]);
  assert.equal(faults('<A><B/></A><OOBE><C/></OOBE>', { pass: 'oobeSystem' }), [
    ['unknown', 'A'],
    ['unknown', 'OOBE/C'],
  ]);
});

test('a group of another component is misplaced when a setting of it comes along', () => {
  const shape = { pass: 'oobeSystem', component: 'Microsoft-Windows-Deployment' };
  assert.equal(faults('<OOBE><HideEULAPage>true</HideEULAPage></OOBE>', shape), [['misplaced', 'OOBE']]);
  assert.equal(faults('<OOBE>text</OOBE>', shape), [['unknown', 'OOBE']]);
});

test('nothing is said about an unknown component', () => assert.equal(faults('<A/>', { component: 'X' }), []));

test.run();
