// File edits on a WIM tree: what changes, what stays, what is refused.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { parseDescriptor } from '../../../formats/security-descriptor/parse.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { streamRoles } from '../../../formats/wim/streams.ts';
import { type EditedTree, editTree } from '../../../image/containers/wim-edit-tree.ts';
import { placeOf } from '../../../image/containers/wim-place.ts';
import type { FileEdit } from '../../../image/image.ts';
import { makeMetadata, TREE_TIME, type WimTree } from '../../helpers/make-wim.ts';
import { descriptorOf } from '../../helpers/windows-tree.ts';

const NOW = TREE_TIME + 99n;
const LIST = descriptorOf([[3, 0x1f01ff, 'S-1-5-18']]);
const OTHER = descriptorOf([[0, 0x1f01ff, 'S-1-5-18']]);
const write = (path: string, content = 'new'): FileEdit => ({ kind: 'write', path, content: Buffer.from(content) });
const remove = (path: string): FileEdit => ({ kind: 'remove', path });

function edit(
  files: WimTree,
  edits: readonly FileEdit[],
): EditedTree & { at(path: string): DirEntry; textOf(path: string): string | undefined } {
  const contents = new Map<string, Uint8Array>();
  const edited = editTree(makeMetadata(files, contents), edits, NOW);
  const at = (path: string) => {
    const place = placeOf(edited.metadata.root, path);
    if (place.missing.length > 0) throw new Error(`${path} is not there`);
    return place.chain.at(-1)!;
  };
  const textOf = (path: string) => {
    const digest = streamRoles(at(path)).content;
    if (digest === undefined) return '';
    return Buffer.from(edited.contents.get(digest) ?? contents.get(digest)!).toString();
  };
  return { ...edited, at, textOf };
}
function refused(files: WimTree, edits: readonly FileEdit[], code: string): void {
  assert.throws(
    () => edit(files, edits),
    (error: unknown) => error instanceof ImageError && error.code === code,
    code,
  );
}

test('an existing file keeps everything but content and write time', () => {
  const files: WimTree = { '/dir/Old.txt': { content: 'old', descriptor: OTHER, shortName: 'OLD~1.TXT', attributes: 0x27 } };
  const before = edit(files, []).at('/dir/Old.txt');
  const after = edit(files, [write('/DIR/old.TXT')]);
  const entry = after.at('/dir/Old.txt');
  assert.equal({ ...entry, digest: before.digest, lastWriteTime: before.lastWriteTime }, before);
  assert.is(entry.lastWriteTime, NOW);
  assert.is(after.textOf('/dir/Old.txt'), 'new');
});

test('a file of no content has no digest, and can get one again', () => {
  assert.is(edit({ '/f': 'old' }, [write('/f', '')]).at('/f').digest, undefined);
  assert.is(edit({ '/f': '' }, [write('/f', 'x')]).textOf('/f'), 'x');
});

test('named streams survive', () => {
  const files: WimTree = { '/f': { content: 'old', streams: { 'Zone.Identifier': '[ZoneTransfer]' } } };
  for (const [content, count] of [
    ['new', 2],
    ['', 2],
  ] as const) {
    const { at, textOf } = edit(files, [write('/f', content)]);
    assert.is(textOf('/f'), content);
    assert.is(at('/f').streams.length, count);
    assert.equal(at('/f').streams.at(-1), edit(files, []).at('/f').streams.at(-1));
    assert.is(at('/f').digest, undefined);
  }
});

test('content in the entry itself beside named streams, as old programs wrote it', () => {
  const { root, securityDescriptors } = makeMetadata({ '/f': { content: 'old' } }, new Map());
  const file = { ...root.children[0]!, streams: [{ name: 's', digest: 'ab'.repeat(20) }] };
  const after = (content: string) => editTree({ securityDescriptors, root: { ...root, children: [file] } }, [write('/f', content)], NOW);
  assert.equal(after('').metadata.root.children[0]!.streams, file.streams);
  assert.is(after('').metadata.root.children[0]!.digest, undefined);
  const [changed] = after('x').metadata.root.children;
  assert.equal(changed!.streams, file.streams);
  assert.is(Buffer.from(after('x').contents.get(streamRoles(changed!).content!)!).toString(), 'x');
});

test('all names of a file change together, others of the same number do not', () => {
  const files: WimTree = {
    '/a': { content: 'old', linkGroup: 3 },
    '/d/b': { content: 'old', linkGroup: 3 },
    '/c': { content: 'else', linkGroup: 3 },
    '/e': { content: 'old', linkGroup: 4 },
    '/copy': 'old',
  };
  const { textOf, at } = edit(files, [write('/a', 'first'), write('/d/B', 'second')]);
  assert.equal(['/a', '/d/b', '/c', '/e', '/copy'].map(textOf), ['second', 'second', 'else', 'old', 'old']);
  assert.is(at('/a').lastWriteTime, NOW);
  assert.is(at('/d/b').linkGroup, 3n);
});

test('removing one name leaves the others', () => {
  const files: WimTree = { '/a': { content: 'old', linkGroup: 3 }, '/b': { content: 'old', linkGroup: 3 } };
  const { metadata, textOf } = edit(files, [remove('/A'), write('/b')]);
  assert.equal(
    metadata.root.children.map((child) => child.name),
    ['b'],
  );
  assert.is(textOf('/b'), 'new');
});

test('a name removed and written again is a new file', () => {
  const files: WimTree = { '/a': { content: 'old', linkGroup: 3, shortName: 'A~1' }, '/b': { content: 'old', linkGroup: 3 } };
  const { at, textOf } = edit(files, [remove('/a'), write('/a')]);
  assert.is(at('/a').linkGroup, 0n);
  assert.is(at('/a').shortName, '');
  assert.is(textOf('/b'), 'old');
});

test('new files and folders inherit, stand in order, and bear the given time', () => {
  const { at, metadata, notes } = edit({ '/': { descriptor: LIST }, '/Beta': 'b', '/delta': 'd' }, [
    write('/charlie/Sub/file.txt'),
    write('/Alpha'),
  ]);
  assert.equal(
    metadata.root.children.map((child) => child.name),
    ['Alpha', 'Beta', 'charlie', 'delta'],
  );
  const [folder, sub, file] = ['/charlie', '/charlie/Sub', '/charlie/Sub/file.txt'].map(at);
  assert.equal(
    [folder, sub, file].map((entry) => entry!.attributes),
    [0x10, 0x10, 0x20],
  );
  for (const entry of [folder!, file!]) assert.equal([entry.creationTime, entry.lastAccessTime, entry.lastWriteTime], [NOW, NOW, NOW]);
  const flags = (entry: DirEntry) => parseDescriptor(metadata.securityDescriptors[entry.securityId]!).dacl!.map((ace) => ace.flags);
  assert.equal(flags(folder!), [0x13]);
  assert.equal(flags(file!), [0x10]);
  assert.is(sub!.securityId, folder!.securityId);
  assert.is(metadata.securityDescriptors.length, 3);
  assert.is(at('/').lastWriteTime, TREE_TIME + 10_000_000n); // folders around keep their times
  assert.equal(notes, []);
});

test('a folder without a descriptor hands down what it would have inherited itself', () => {
  const { at, metadata } = edit({ '/': { descriptor: LIST }, '/bare/inner': { folder: true } }, [write('/bare/inner/f')]);
  assert.equal(
    parseDescriptor(metadata.securityDescriptors[at('/bare/inner/f').securityId]!).dacl!.map((ace) => [ace.flags, ace.sid]),
    [[0x10, 'S-1-5-18']],
  );
});

test('no descriptor anywhere: none is made up, and it is said', () => {
  const { at, notes } = edit({ '/dir/f': 'x' }, [write('/dir/sub/g')]);
  assert.is(at('/dir/sub/g').securityId, -1);
  assert.is(notes.length, 1);
  assert.match(notes[0]!, '2 new');
});

test('folders go with all that is in them; removing what is not there is nothing', () => {
  const { metadata } = edit({ '/a/b/c': 'x', '/a/d': 'y', '/e': 'z' }, [remove('/A'), remove('/nothing/here'), remove('/a/b')]);
  assert.equal(
    metadata.root.children.map((child) => child.name),
    ['e'],
  );
});

test('links: removed themselves, never followed', () => {
  const files: WimTree = {
    '/link': { reparse: { tag: 0xa000000c, data: Buffer.from('target') } },
    '/junction': { folder: true, reparse: { tag: 0xa0000003, data: Buffer.from('target') } },
    '/f': 'x',
  };
  refused(files, [write('/link')], 'PATH_IS_LINK');
  refused(files, [write('/junction')], 'PATH_IS_LINK');
  refused(files, [write('/junction/f')], 'PATH_THROUGH_LINK');
  refused(files, [remove('/junction/f')], 'PATH_THROUGH_LINK');
  assert.equal(
    edit(files, [remove('/link'), remove('/junction')]).metadata.root.children.map((child) => child.name),
    ['f'],
  );
});

test('what cannot be written is refused', () => {
  const files: WimTree = { '/dir/f': 'x', '/secret': { content: 'raw', attributes: 0x4020 } };
  refused(files, [write('/dir')], 'PATH_IS_FOLDER');
  refused(files, [write('/')], 'PATH_IS_FOLDER');
  refused(files, [write('/dir/f/g')], 'PATH_THROUGH_FILE');
  refused(files, [write('/secret')], 'FILE_ENCRYPTED');
  refused(files, [remove('/')], 'PATH_INVALID');
  for (const name of ['a:b', 'a*', 'q?', 'x\ny', 'back\\slash', 'dot.', 'space ', 'n'.repeat(256)])
    refused(files, [write(`/dir/${name}`)], 'PATH_INVALID');
  refused({ '/': { descriptor: Buffer.from([1, 2, 3]) } }, [write('/f')], 'DESCRIPTOR_CORRUPT');
  const long = descriptorOf(Array.from({ length: 3000 }, () => [3, 0x10000000, 'S-1-1-0'] as const));
  refused({ '/': { descriptor: long } }, [write('/d/f')], 'DESCRIPTOR_CORRUPT');
});

test('the given tree is never changed', () => {
  const contents = new Map<string, Uint8Array>();
  const given = makeMetadata({ '/a/f': 'x', '/b': { content: 'y', linkGroup: 1 }, '/c': { content: 'y', linkGroup: 1 } }, contents);
  const copy = structuredClone(given);
  editTree(given, [write('/a/f'), write('/a/n/m'), write('/b'), remove('/c')], NOW);
  assert.equal(given, copy);
});

test('any edits give the tree that a simple model gives', () => {
  const name = fc.constantFrom('a', 'B', 'c', 'D');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
  const step = fc.oneof(
    fc.tuple(path, fc.constantFrom('', 'one', 'two')).map(([at, content]) => write(at, content)),
    path.map(remove),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (edits) => {
      const files = new Map([
        ['/a/B/c', 'start'],
        ['/D', 'start'],
      ]);
      const folders = new Set(['/a', '/a/B']);
      const taken: FileEdit[] = [];
      for (const given of edits) {
        const above = given.path
          .split('/')
          .slice(1, -1)
          .map((_, depth, names) => `/${names.slice(0, depth + 1).join('/')}`);
        if (given.kind === 'write') {
          if (folders.has(given.path) || above.some((folder) => files.has(folder))) continue;
          for (const folder of above) folders.add(folder);
          files.set(given.path, Buffer.from(given.content).toString());
        } else {
          const gone = (at: string) => at === given.path || at.startsWith(`${given.path}/`);
          for (const at of [...files.keys()]) if (gone(at)) files.delete(at);
          for (const at of [...folders]) if (gone(at)) folders.delete(at);
        }
        taken.push(given);
      }
      const result = edit({ '/a/B/c': 'start', '/D': 'start' }, taken);
      const found = new Map<string, string>();
      const list = (entry: DirEntry, at: string) => {
        for (const child of entry.children) {
          if ((child.attributes & 0x10) === 0) found.set(`${at}/${child.name}`, result.textOf(`${at}/${child.name}`)!);
          list(child, `${at}/${child.name}`);
        }
      };
      list(result.metadata.root, '');
      assert.equal([...found].sort(), [...files].sort());
    }),
    { numRuns: 300 },
  );
});

test.run();
