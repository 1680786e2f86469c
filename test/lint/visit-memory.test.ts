// What a rule says of a file for the memory of contents: a key that is told later is something, too.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import { NOTHING } from '../../lint/rule.ts';
import { productKey } from '../../rules/secrets/product-key.ts';
import { answer } from '../helpers/answer-xml.ts';

test('an answer file that holds a key is never remembered as one in which there is nothing', async () => {
  const visitor = productKey.create({ policy: { kmsHosts: [] }, options: {} } as never);
  const seen = (content: string) => visitor.file!({ path: '/unattend.xml' } as ImageFile, Buffer.from(content));
  assert.is(await seen(answer('<ProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</ProductKey>')), undefined);
  assert.is(await seen(answer('<TimeZone>UTC</TimeZone>')), NOTHING);
});

test.run();
