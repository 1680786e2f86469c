// Faults of a command line as Node.js of this version says them, in our words.
import { parseArgs } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { argumentFault } from '../../cli/argument-fault.ts';

const OPTIONS = { image: { type: 'string', short: 'i' }, json: { type: 'boolean' } } as const;

function faultOf(...args: readonly string[]): string {
  try {
    parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return argumentFault(error);
  }
  return 'none';
}

test('each kind of fault names the option and nothing of its value', () => {
  assert.equal(
    [
      ['--frob'],
      ['--frob=secret'],
      ['-x'],
      ['--image'],
      ['--image', '--json'],
      ['--image', '-5'],
      ['-i'],
      ['--json=secret'],
      ['--json', 'a', '--image=b'],
    ].map((args) => faultOf(...args)),
    [
      '--frob: is not an option',
      '--frob: is not an option',
      '-x: is not an option',
      '--image: needs a value',
      '--image: needs a value',
      '--image: needs a value',
      '--image: needs a value',
      '--json: takes no value',
      'none',
    ],
  );
});

test('another error keeps its words', () => {
  assert.is(argumentFault(new Error('CONTAINER is missing')), 'CONTAINER is missing');
});

test.run();
