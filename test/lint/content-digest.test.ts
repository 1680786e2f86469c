// Digests of certain findings: over what is really there, for what can be read, and never of a secret.
import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DIGESTS_MAX, withDigests } from '../../lint/content-digest.ts';
import type { Location } from '../../lint/location.ts';
import type { Finding } from '../../lint/result.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const image = fakeImage({
  files: { '/a.exe': 'MZ', '/b/c.exe': 'MZ2' },
  SOFTWARE: { Key: { One: 'x', Two: 'y' }, Other: { one: 'x', two: 'y' }, Third: { One: 'x', Two: 'z' } },
});
const certain = (at: Location, rule = 'activation/a'): Finding => ({
  rule,
  messageId: 'm',
  severity: 'error',
  level: 'certain',
  message: '',
  at,
  evidence: '',
  fingerprint: '',
});
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const digestsOf = async (...places: Location[]) =>
  (
    await withDigests(
      image,
      places.map((at) => certain(at)),
      [{ digest: 'aa11', size: 4, read: async () => Buffer.from('left') }],
    )
  ).map((finding) => finding.sha256);

test('of files, of the archive around a member, of what no file names', async () => {
  assert.equal(
    await digestsOf({ file: '/A.exe', offset: 1 }, { file: '/a.exe', inside: ['m'] }, { slack: 'unreferenced-blob', of: 'aa11' }),
    [sha256('MZ'), sha256('MZ'), sha256('left')],
  );
});

test('of values and keys: type, bytes and names, in any order and case', async () => {
  const [value, twin, key, same, other] = await digestsOf(
    { hive: 'SOFTWARE', key: 'Key', name: 'One' },
    { hive: 'SOFTWARE', key: 'Other', name: 'ONE' },
    { hive: 'SOFTWARE', key: 'Key' },
    { hive: 'SOFTWARE', key: 'Other' },
    { hive: 'SOFTWARE', key: 'Third' },
  );
  assert.match(value!, /^[0-9a-f]{64}$/);
  assert.is(value, twin);
  assert.is(key, same);
  assert.is.not(key, other);
});

test('what cannot be read has none', async () => {
  const places: readonly Location[] = [
    { file: '/absent' },
    { file: '/b' },
    { hive: 'SAM', key: 'x' },
    { hive: 'SOFTWARE', key: 'Absent' },
    { hive: 'SOFTWARE', key: 'Key', name: 'Absent' },
    { slack: 'unreferenced-blob', of: 'bb' },
    { slack: 'free-cluster', of: 'x' },
    { slack: 'hive', of: 'SAM' },
  ];
  assert.equal(
    await digestsOf(...places),
    places.map(() => undefined),
  );
});

test('neither of other levels nor of secrets', async () => {
  const findings = [{ ...certain({ file: '/a.exe' }), level: 'strong' as const }, certain({ file: '/a.exe' }, 'secrets/x')];
  assert.equal(
    (await withDigests(image, findings, [])).map((finding) => finding.sha256),
    [undefined, undefined],
  );
});

test('a flood is digested up to the limit', async () => {
  const flood = Array.from({ length: DIGESTS_MAX + 5 }, (_, n) => certain({ file: n === DIGESTS_MAX + 1 ? '/a.exe' : `/${n}` }));
  assert.is((await withDigests(image, flood, []))[DIGESTS_MAX + 1]!.sha256, undefined);
});

test.run();
