// Cards of findings: one repair however many findings share it, every text escaped.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allowedCard, ruleCard } from '../../../report/html/finding-cards.ts';
import { sampleResult } from '../../helpers/sample-result.ts';

const { findings } = sampleResult.images[0]!;

test('a rule says why and how to repair it once', () => {
  const own = [findings[0]!, { ...findings[0]!, at: { file: '/x' } }];
  const card = ruleCard({ rule: 'a/<b>', severity: 'error', findings: own }, undefined);
  assert.is(card.split('class="repair"').length, 2);
  assert.is(card.split('class="why"').length, 2);
  assert.is(card.split('<li data-kind="error"').length, 3);
  assert.match(card, '<h3>a/&lt;b&gt;</h3>');
  assert.match(card, 'Step: <code>kms-client</code>');
});

test('what is allowed says why and how long', () => {
  const card = allowedCard(findings.filter(({ allowed }) => allowed));
  assert.match(card, 'until 2027-01-31: expired evaluation keys');
});

test.run();
