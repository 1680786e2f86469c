// Images that the answer-file step is tried on, and what it says when it refuses.
import * as assert from 'uvu/assert';
import { StepError } from '../../errors.ts';
import { generalizeAnswerFile } from '../../steps/generalize-answer-file.ts';
import { parseAnswerFile } from '../../unattend/model.ts';
import { type FakeSpec, fakeImage } from './fake-image.ts';
import { runStep } from './step-tester.ts';

export const PANTHER = '/Windows/Panther/unattend.xml';
export const SHELL = 'Microsoft-Windows-Shell-Setup';
export const image = (files: FakeSpec['files'] = {}, more: FakeSpec = {}) =>
  fakeImage({ files: { '/Windows/explorer.exe': 'MZ', '/Windows/System32/Sysprep/sysprep.exe': 'MZ', ...files }, ...more });
/** What the step says when it refuses. */
export async function refusalOf(given: Parameters<typeof generalizeAnswerFile>[0], on = image(), password?: string): Promise<string> {
  const secrets: Record<string, string> = password === undefined ? {} : { KIOSK_PASSWORD: password };
  const error = await runStep(generalizeAnswerFile(given), on, { secrets }).catch((reason: unknown) => reason);
  assert.instance(error, StepError, 'was not refused');
  return (error as StepError).message;
}
export const parse = (text: string) => parseAnswerFile(new TextEncoder().encode(text));
export const answer = (body: string) => `<unattend xmlns="urn:schemas-microsoft-com:unattend">${body}</unattend>`;
