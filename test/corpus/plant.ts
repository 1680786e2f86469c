// Plants files and registry values into an opened image, in memory: what a case of the corpus adds to a Windows that is otherwise in order.
import { HiveOverlay } from '../../image/hive-overlay.ts';
import { hivePath } from '../../image/hive-path.ts';
import type { ContentRequest, Hive, HiveName, Image, ImageFile } from '../../image/image.ts';
import { pathGlobs } from '../../image/path-globs.ts';
import { type FakeKeys, type FakeSpec, fakeHive, fakeImage, storedValue } from '../helpers/fake-image.ts';
import { descriptorOf } from '../helpers/windows-tree.ts';

/** The image with the planted things in it. A planted file stands in place of one that is there; a planted value, too. */
export function planted(base: Image, spec: FakeSpec): Image {
  const given = new Map<string, FakeKeys>();
  for (const name of ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const) {
    const keys = spec[name];
    if (keys) given.set(hivePath(name).toLowerCase(), keys);
  }
  for (const [path, keys] of Object.entries(spec.hives ?? {})) given.set(path.toLowerCase(), keys);

  const added = fakeImage({ files: spec.files ?? {}, hives: Object.fromEntries(newHives(spec)) });
  const opened = new Map<string, Promise<Hive>>();
  const find = async (path: string): Promise<ImageFile | undefined> => {
    const there = await base.find(path);
    const own = await added.find(path);
    return own && !(own.folder && there) ? inheriting(own, there) : there;
  };

  return {
    info: { ...base.info, ...spec.info },
    has: async (path) => (await base.has(path)) || added.has(path),
    find,
    async read(path) {
      const file = await added.find(path);
      return file && !file.folder ? file.read() : base.read(path);
    },
    async *walk(select) {
      const isWanted = select?.files ? pathGlobs(select.files) : () => true;
      for await (const file of base.walk(select)) {
        const own = await added.find(file.path);
        if (!own || own.folder) yield file;
      }
      for await (const file of added.walk()) {
        if (!isWanted(file.path) || (file.folder && (await base.has(file.path)))) continue;
        yield inheriting(file, await base.find(file.path));
      }
    },
    async *stream(requests, signal) {
      const mine: ContentRequest[] = [];
      const theirs: ContentRequest[] = [];
      for (const request of requests) ((await isOwn(base, added, request.file)) ? mine : theirs).push(request);
      yield* base.stream(theirs, signal);
      yield* added.stream(mine, signal);
    },
    hive(name: HiveName) {
      const path = hivePath(name).toLowerCase();
      let hive = opened.get(path);
      if (!hive) {
        hive = openHive(base, name, given.get(path));
        opened.set(path, hive);
      }
      return hive;
    },
    close: async () => {},
  };
}

/** Hives that only the case has: a file stands for each, so that a walk finds it. */
function newHives(spec: FakeSpec): [`/${string}`, FakeKeys][] {
  return Object.entries(spec.hives ?? {}) as [`/${string}`, FakeKeys][];
}

/** What a new file would get from its folder is not what a case is about: it has the descriptor of a file of Windows unless the case says more. */
function inheriting(file: ImageFile, there: ImageFile | undefined): ImageFile {
  return { ...file, descriptor: file.descriptor ?? there?.descriptor ?? OF_WINDOWS, read: (stream) => file.read(stream) };
}

async function isOwn(base: Image, added: Image, file: ImageFile): Promise<boolean> {
  const own = await added.find(file.path);
  return own !== undefined && (!own.folder || !(await base.has(file.path)));
}

async function openHive(base: Image, name: HiveName, keys: FakeKeys | undefined): Promise<Hive> {
  if (!keys) return base.hive(name);
  if (!(await base.has(hivePath(name)))) return fakeHive(keys);
  const overlay = new HiveOverlay(await base.hive(name));
  for (const [key, values] of Object.entries(keys)) {
    if (Object.keys(values).length === 0) overlay.setValue(key, storedValue('', ''));
    for (const [value, data] of Object.entries(values)) overlay.setValue(key, storedValue(value, data));
  }
  return overlay;
}

/** Full control for SYSTEM and administrators, reading for users. */
const OF_WINDOWS = descriptorOf(
  [
    [0, 0x1f01ff, 'S-1-5-18'],
    [0, 0x1f01ff, 'S-1-5-32-544'],
    [0, 0x1200a9, 'S-1-5-32-545'],
  ],
  'S-1-5-32-544',
);
