// Other partitions: files and contents are looked at, findings bear their partition, what cannot be read leaves the gate undecided.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Container, SideTree } from '../../image/image.ts';
import { lintOpened } from '../../lint/lint-container.ts';
import { locationText } from '../../lint/location.ts';
import { defineRule, type Rule } from '../../lint/rule.ts';
import { rules as builtIn } from '../../rules/index.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const anywhere = defineRule({
  id: 'test/anywhere',
  title: 'There is no bad file',
  description: 'For the test.',
  severity: 'error',
  options: {},
  messages: { found: 'is bad', hive: 'has a hive' },
  select: { files: ['/**/bad*', '/Windows/known'] },
  create: (ctx) => ({
    file: ({ path }) => ctx.report({ messageId: 'found', at: { file: path } }),
    async end(image) {
      if ((await image.hive('SOFTWARE')).has('Known')) ctx.report({ messageId: 'hive', at: { hive: 'SOFTWARE', key: 'Known' } });
    },
  }),
}) as unknown as Rule;

const windowsOnly = defineRule({
  id: 'test/windows-only',
  title: 'There is a state',
  description: 'For the test.',
  severity: 'error',
  options: {},
  messages: { none: 'is not there' },
  select: { files: ['/Windows/state'] },
  create: (ctx) => {
    let seen = false;
    return {
      file() {
        seen = true;
      },
      end() {
        if (!seen) ctx.report({ messageId: 'none', at: { file: '/Windows/state' } });
      },
    };
  },
}) as unknown as Rule;

function containerWith(sides: readonly SideTree[]): Container {
  const image = fakeImage({ files: { '/Windows/state': 'x' }, SOFTWARE: {} });
  return {
    path: 'a.vhdx',
    id: 'vhdx',
    images: [{ info: image.info, folders: 0, files: 0, bytes: 0 }],
    open: async () => image,
    sides: () => sides,
    close: async () => undefined,
  };
}

const lint = (container: Container, rules: readonly Rule[]) =>
  lintOpened(container, { rules, policy: { kmsHosts: [] }, options: {}, allow: [] });

test('a bad file on the boot partition rejects, at its partition; a good one does not', async () => {
  const bad = fakeImage({ files: { '/EFI/bad.efi': 'x', '/Windows/known': 'x' } });
  const result = await lint(containerWith([{ partition: 1, image: bad }]), [anywhere, windowsOnly]);
  assert.is(result.verdict, 'rejected');
  assert.equal(
    result.images[0]!.findings.map(({ at }) => locationText(at)),
    ['partition1:/EFI/bad.efi'],
  );
  assert.equal(
    result.images[0]!.outcomes.map(({ outcome }) => outcome),
    ['failed', 'passed'],
  );
  const good = fakeImage({ files: { '/EFI/good.efi': 'x' } });
  assert.is((await lint(containerWith([{ partition: 1, image: good }]), [anywhere, windowsOnly])).verdict, 'accepted');
});

test('the same file on two partitions is two findings, and the rest of an ISO is the disc', async () => {
  const bad = () => fakeImage({ files: { '/bad': 'x' } });
  const sides = [0, 3].map((partition) => ({ partition, image: bad() }));
  const { findings } = (await lint(containerWith(sides), [anywhere])).images[0]!;
  assert.equal(findings.map(({ at }) => locationText(at)).sort(), ['disc:/bad', 'partition3:/bad']);
  assert.is(new Set(findings.map(({ fingerprint }) => fingerprint)).size, 2);
});

test('a partition that cannot be read makes the rules unable that would have looked, and no others', async () => {
  const result = await lint(containerWith([{ partition: 4, unreadable: 'partition 4 is encrypted' }]), [anywhere, windowsOnly]);
  assert.is(result.verdict, 'undecided');
  assert.equal(
    result.images[0]!.outcomes.map((outcome) => [outcome.outcome, 'reason' in outcome ? outcome.reason : '']),
    [
      ['unable', 'partition 4 is encrypted'],
      ['passed', ''],
    ],
  );
});

test('no built-in rule finds fault with a boot partition as Windows makes it', async () => {
  const boot = fakeImage({
    files: { '/EFI/Boot/bootx64.efi': 'MZ', '/EFI/Microsoft/Boot/BCD': 'store', '/Boot/BCD': 'store', '/bootmgr': 'x' },
  });
  const windows = containerWith([]);
  const alone = await lint(windows, builtIn);
  const both = await lint(containerWith([{ partition: 1, image: boot }]), builtIn);
  assert.equal(
    both.images[0]!.findings.map(({ rule, at }) => [rule, locationText(at)]),
    alone.images[0]!.findings.map(({ rule, at }) => [rule, locationText(at)]),
  );
  assert.equal(both.images[0]!.outcomes, alone.images[0]!.outcomes);
  assert.ok(both.stats.files > alone.stats.files);
});

test.run();
