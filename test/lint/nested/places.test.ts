// Paths of what lies in archives: back to its place, and never that of a file of the image.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemberNames, NestedPlaces } from '../../../lint/nested/places.ts';

const free = async () => false;

test('a member is found again by its path, archives in archives included', async () => {
  const places = new NestedPlaces();
  const outer = await places.enter('/a.zip', { file: '/a.zip' }, free);
  assert.is(outer, '/a.zip!');
  const inner = await places.enter('/a.zip!/b/c.7z', places.locate('/a.zip!/b/c.7z'), free);
  assert.equal(places.get(`${inner}/d!/e.txt`), { file: '/a.zip', inside: ['b/c.7z', 'd!/e.txt'] });
  assert.equal(places.get('/a.zip!/f.txt'), { file: '/a.zip', inside: ['f.txt'] });
  assert.equal(places.get('/a.zip!'), { file: '/a.zip' });
  for (const path of ['/a.zip', '/other!/f.txt', '/x']) assert.is(places.get(path), undefined);
  assert.equal(places.locate('/x', 'stream'), { file: '/x', stream: 'stream' });
  assert.equal(places.locate('/a.zip!/f.txt', 'stream'), { file: '/a.zip', inside: ['f.txt:stream'] });
});

test('a folder of the image with such a name keeps its files', async () => {
  const places = new NestedPlaces();
  const prefix = await places.enter('/a.zip', { file: '/a.zip' }, async (path) => path === '/a.zip!');
  assert.is(prefix, '/a.zip!!');
  assert.is(places.get('/a.zip!/own.txt'), undefined);
  assert.equal(places.get('/a.zip!!/x'), { file: '/a.zip', inside: ['x'] });
});

test('left-overs are found by the name they were given', async () => {
  const places = new NestedPlaces();
  places.set('unreferenced-blob:ab', { slack: 'unreferenced-blob', of: 'ab' });
  const prefix = await places.enter('unreferenced-blob:ab', places.locate('unreferenced-blob:ab'), free);
  assert.equal(places.get(`${prefix}/x`), { slack: 'unreferenced-blob', of: 'ab', inside: ['x'] });
});

test('whatever the names, paths are plain, distinct, and lead back', async () => {
  const places = new NestedPlaces();
  const prefix = await places.enter('/a.zip', { file: '/a.zip' }, free);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('..', '../x', './x', 'X', 'x', '\\x', '/', '', '(2)/x')), { maxLength: 30 }),
      (given) => {
        const names = new MemberNames();
        const paths = given.map((name) => names.pathOf(name));
        assert.is(new Set(paths.map((path) => path.toLowerCase())).size, paths.length);
        for (const path of paths) {
          assert.ok(path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), path);
          assert.equal(places.get(`${prefix}/${path}`), { file: '/a.zip', inside: [path] });
        }
      },
    ),
  );
});

test.run();
