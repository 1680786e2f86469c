// Lookup by path: any case, never through a link; twins; names of one file; order.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { NameTree } from '../../../image/containers/name-tree.ts';

interface Named {
  readonly name: string;
  readonly below: Named[];
  readonly link?: boolean;
  readonly file?: string;
}

const leaf = (name: string, file?: string): Named => (file === undefined ? { name, below: [] } : { name, below: [], file });
const folder = (name: string, ...below: Named[]): Named => ({ name, below });

const root = folder(
  '',
  folder(
    'Windows',
    folder('System32', folder('Sysprep', leaf('sysprep.exe')), leaf('notepad.exe', 'n')),
    leaf('notepad.exe', 'n'),
    leaf('other.exe', 'o'),
  ),
  folder('wsl', leaf('readme'), leaf('README')),
  folder('Straße', leaf('ß'), leaf('ss')),
  { name: 'Documents and Settings', below: [leaf('user')], link: true },
);
const tree = new NameTree<Named>(root, {
  nameOf: ({ name }) => name,
  childrenOf: ({ below }) => below,
  isLink: ({ link }) => link === true,
  identityOf: ({ file }) => file,
});

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, ImageError);
    return (error as ImageError).code;
  }
  return 'none';
}

test('finds in any case and gives the stored one', () => {
  assert.is(tree.find('/windows/SYSTEM32/sysprep/SYSPREP.EXE')?.path, '/Windows/System32/Sysprep/sysprep.exe');
  assert.is(tree.find('/')?.path, '/');
  assert.is(tree.find('/Windows/')?.path, '/Windows');
  assert.is(tree.find('/straße/ß')?.path, '/Straße/ß');
  assert.is(tree.find('/straße/SS')?.path, '/Straße/ss');
});

test('what is absent is undefined, also below a file', () => {
  assert.is(tree.find('/Windows/absent'), undefined);
  assert.is(tree.find('/Windows/notepad.exe/x'), undefined);
  assert.is(tree.find('/Windows/..'), undefined);
});

test('twins: the exact name, else both are named', () => {
  assert.is(tree.find('/wsl/README')?.path, '/wsl/README');
  assert.is(tree.find('/wsl/readme')?.path, '/wsl/readme');
  assert.throws(() => tree.find('/wsl/ReadMe'), /ambiguous \(the folder holds (readme and README|README and readme)\)/);
});

test('a link is found, but nothing behind it', () => {
  assert.is(tree.find('/documents and settings')?.path, '/Documents and Settings');
  assert.is(
    code(() => tree.find('/Documents and Settings/user/x')),
    'PATH_THROUGH_LINK',
  );
});

test('names of one file know each other', () => {
  const links = (path: string) => tree.linksOf(tree.find(path)!);
  assert.equal(links('/Windows/notepad.exe'), ['/Windows/System32/notepad.exe']);
  assert.equal(links('/Windows/System32/notepad.exe'), ['/Windows/notepad.exe']);
  assert.equal(links('/Windows/other.exe'), []);
  assert.equal(links('/wsl/readme'), []);
});

test('only the folders that are wanted are entered', () => {
  const paths = [...tree.walk((path) => path !== '/Windows/System32')].map(({ path }) => path);
  assert.ok(paths.includes('/Windows/System32') && paths.includes('/Windows/other.exe') && paths.includes('/wsl/README'));
  assert.not.ok(paths.some((path) => path.startsWith('/Windows/System32/')));
});

test('a quick group does not make one file of two', () => {
  const grouped = new NameTree<Named>(root, {
    nameOf: ({ name }) => name,
    childrenOf: ({ below }) => below,
    isLink: () => false,
    groupOf: ({ file }) => (file === undefined ? undefined : 1),
    identityOf: ({ file }) => file,
  });
  assert.equal(grouped.linksOf(grouped.find('/Windows/notepad.exe')!), ['/Windows/System32/notepad.exe']);
  assert.equal(grouped.linksOf(grouped.find('/Windows/other.exe')!), []);
});

test('walks each folder before its content, and everything once', () => {
  const paths = [...tree.walk()].map((place) => place.path);
  assert.is(paths.length, new Set(paths).size);
  assert.ok(paths.includes('/Windows/System32/Sysprep/sysprep.exe'));
  for (const path of paths) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    assert.ok(parent === '' || paths.indexOf(parent) < paths.indexOf(path));
  }
});

test.run();
