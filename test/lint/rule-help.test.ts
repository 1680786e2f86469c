// The text of a rule: description, reason and repair, each only when it is there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleHelp } from '../../lint/rule-help.ts';

test('what there is, in paragraphs', () => {
  assert.is(ruleHelp({ description: ' Looks. ' }), 'Looks.');
  assert.is(
    ruleHelp({ description: 'Looks.', why: 'It matters.', repair: { step: 'kms-client', text: 'Write it.' } }),
    'Looks.\n\n**Why it matters.** It matters.\n\n**Repair.** Write it. The step `kms-client` does it.',
  );
});

test.run();
