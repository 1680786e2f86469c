// Records of the file table: fix-ups, attributes, damage. The record is one that mkntfs and wimlib made.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bytes, FormatError } from '../../../formats/bytes.ts';
import { fixUp, parseRecord, referenceOf, TYPE_DATA, TYPE_FILE_NAME, TYPE_STANDARD_INFORMATION } from '../../../formats/ntfs/record.ts';
import { parseBoot } from '../../../formats/ntfs/volume.ts';
import { survives } from '../../helpers/damage.ts';
import { DISK_TOOLS, fileSource, makeVolume } from '../../helpers/disk-files.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('record');
const withTools = needTools(test, DISK_TOOLS);
let records: Uint8Array[] = [];
test.before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    const source = fileSource(makeVolume(folder, { '/small file.txt': { content: 'resident', streams: { named: 'stream' } } }));
    const boot = parseBoot(await source.read(0, 512), source.size);
    for (let number = 0; number < 80; number++)
      records.push(await source.read(boot.mftCluster * boot.clusterSize + number * boot.recordSize, boot.recordSize));
    source.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

withTools('a small file with its name, content and stream', () => {
  const found = records
    .map((record) => parseRecord(record.slice()))
    .find((record) => record?.attributes.some(({ name }) => name === 'named'));
  assert.ok(found && !found.folder && found.inUse && found.base === 0);
  const values = new Map(found.attributes.map(({ type, name, value }) => [`${type}:${name}`, value]));
  assert.is(Buffer.from(values.get(`${TYPE_DATA}:`)!).toString(), 'resident');
  assert.is(Buffer.from(values.get(`${TYPE_DATA}:named`)!).toString(), 'stream');
  assert.ok(values.has(`${TYPE_STANDARD_INFORMATION}:`) && values.has(`${TYPE_FILE_NAME}:`));
});

withTools('the table describes itself in runs', () => {
  const table = parseRecord(records[0]!.slice())!;
  const data = table.attributes.find(({ type }) => type === TYPE_DATA)!;
  assert.is(data.value, undefined);
  assert.ok(data.runs && data.size > 0 && data.initialized > 0);
});

withTools('torn and damaged records give a FormatError or another record', () => {
  const torn = records[0]!.slice();
  torn[510]! ^= 1;
  assert.throws(() => parseRecord(torn), /not written to its end/);
  survives(records[0]!, (bytes) => parseRecord(bytes), FormatError);
  records = [];
});

test('what was never used or is free is no record, anything else no NTFS', () => {
  assert.is(parseRecord(new Uint8Array(1024)), undefined);
  const free = Buffer.alloc(1024);
  free.write('FILE');
  assert.is(parseRecord(free), undefined);
  assert.throws(() => parseRecord(Buffer.alloc(1024, 'x')), /there is no record/);
  assert.throws(() => fixUp(new Uint8Array(1024), 'test'), /fix-ups/);
});

test('a reference is 48 bits of number and 16 of sequence', () => {
  const bytes = new Bytes('test', Buffer.from('0500000001000700', 'hex'));
  assert.equal(referenceOf(bytes, 0), { number: 2 ** 32 + 5, sequence: 7 });
});

test.run();
