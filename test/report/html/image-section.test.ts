// One image's part of the page: facts, whether it is generalized and what shows it, and every rule somewhere.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imageSection } from '../../../report/html/image-section.ts';
import { sampleResult } from '../../helpers/sample-result.ts';

const image = sampleResult.images[0]!;
const of = (outcome: (typeof image.outcomes)[number]) => imageSection({ ...image, outcomes: [outcome] }, new Map());

test('whether it is generalized stands with the facts, and the markers that show it', () => {
  const rule = 'hygiene/generalized';
  assert.match(
    of({ rule, outcome: 'passed', shows: 'ImageState=<X>, SetupType=2' }),
    /good">generalized<[\s\S]*ImageState=&lt;X&gt;<\/code><\/li><li><code>SetupType=2/,
  );
  assert.match(of({ rule, outcome: 'failed' }), 'error">not generalized');
  assert.match(of({ rule, outcome: 'unable', reason: 'r' }), 'unable">unknown');
  assert.not.match(of({ rule: 'a/b', outcome: 'passed' }), 'Generalization');
});

test('every rule is told: open, unable, not applicable or passed', () => {
  const section = imageSection(sampleResult.images[1]!, new Map([['secrets/product-key', 'No key']]));
  assert.match(section, 'No open findings.');
  assert.match(section, /Does not apply \(1\)[\s\S]*only for a captured image/);
  assert.match(section, /Passed \(2\)[\s\S]*secrets\/product-key<\/code> No key/);
  assert.match(imageSection(image, new Map()), /Could not be checked[\s\S]*hygiene\/generalized/);
});

test.run();
