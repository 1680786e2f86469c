// Resources and version information of PE files, whole and broken.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parsePeHeaders } from '../../../formats/pe/headers.ts';
import { PeReader } from '../../../formats/pe/reader.ts';
import { parseVersion, readResources, readVersion } from '../../../formats/pe/resources.ts';
import { survives } from '../../helpers/damage.ts';
import { makePe, versionBlock } from '../../helpers/make-pe.ts';

const TEXTS = { CompanyName: 'Example', OriginalFilename: 'sppc.dll', Empty: '' };
const readerOf = (content: Uint8Array) => new PeReader(content, parsePeHeaders(content));

test('the tree of resources has its leaves, and the version its texts', () => {
  const reader = readerOf(makePe({ version: TEXTS }));
  const resources = readResources(reader);
  assert.equal(
    resources.map(({ type, name, language }) => [type, name, language]),
    [[16, 1, 0x409]],
  );
  const version = readVersion(reader, resources)!;
  assert.is(version.fileVersion, '10.0.19041.1');
  assert.equal(Object.fromEntries(version.texts), TEXTS);
  assert.equal(readResources(readerOf(makePe())), []);
  assert.is(readVersion(readerOf(makePe()), []), undefined);
});

test('a tree that leads back into itself ends', () => {
  const content = Buffer.from(makePe({ version: TEXTS }));
  const root = content.readUInt32LE(0x98 + 112 + 16) - 0x1000 + 0x400;
  content.writeUInt32LE(0x80000000, root + 20);
  assert.throws(() => readResources(readerOf(content)), /below the language level/);
});

test('version information that is none, or whose blocks do not fit', () => {
  const whole = versionBlock(TEXTS);
  assert.throws(() => parseVersion(whole.subarray(0, whole.length - 8)), /runs past its parent/);
  const other = Buffer.from(whole);
  other.write('X', 6, 'latin1');
  assert.throws(() => parseVersion(other), /begins with "XS_VERSION_INFO"/);
  survives(whole, parseVersion, FormatError);
});

test.run();
