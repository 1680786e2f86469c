// .reg files: everything that regedit writes, every mistake with its line, and what another program exported of real hives.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, utf16Bytes } from '../../../formats/bytes.ts';
import { openRegf } from '../../../formats/hive/hive.ts';
import { type DecodedValue, encodeValue } from '../../../formats/hive/value.ts';
import { parseRegFile, REG_OPERATIONS_MAX, REG_VALUE_MAX } from '../../../formats/reg-file/parse.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const FIVE = 'Windows Registry Editor Version 5.00\r\n\r\n';
const wide = (text: string) => Uint8Array.from([0xff, 0xfe, ...utf16Bytes(text)]);
const parse = (body: string) => parseRegFile(wide(FIVE + body));
const value = (text: string): DecodedValue | undefined => {
  const operation = parse(`[HKEY_LOCAL_MACHINE\\SOFTWARE\\K]\r\n"v"=${text}\r\n`)[1];
  return operation?.kind === 'set-value' ? operation.value : undefined;
};
const fault = (body: string | Uint8Array) => {
  try {
    if (typeof body === 'string') parse(body);
    else parseRegFile(body);
  } catch (error) {
    assert.instance(error, FormatError, String((error as Error).stack));
    return (error as Error).message;
  }
  return 'taken';
};
const badValue = (text: string) => fault(`[HKLM\\SOFTWARE\\K]\r\n"v"=${text}\r\n`);

test('keys, values, default values, deletions and comments, in order and with lines', () => {
  const body = `; made by hand\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\K]\r\n@="default"\r\n"n"="text" ; why\r\n"gone"=-\r\n@=-\r\n\r\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Old]\r\n[HKEY_USERS\\.DEFAULT\\A]]\\B]`;
  const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\K';
  assert.equal(parse(body), [
    { kind: 'make-key', key, line: 4 },
    { kind: 'set-value', key, name: '', value: { type: 'REG_SZ', data: 'default' }, line: 5 },
    { kind: 'set-value', key, name: 'n', value: { type: 'REG_SZ', data: 'text' }, line: 6 },
    { kind: 'delete-value', key, name: 'gone', line: 7 },
    { kind: 'delete-value', key, name: '', line: 8 },
    { kind: 'remove-key', key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Old', line: 10 },
    { kind: 'make-key', key: 'HKEY_USERS\\.DEFAULT\\A]]\\B', line: 11 },
  ]);
});

test('every type that regedit writes', () => {
  assert.equal(value('"a\\\\b\\"c"'), { type: 'REG_SZ', data: 'a\\b"c' });
  assert.equal(value('"two\r\nlines"'), { type: 'REG_SZ', data: 'two\r\nlines' });
  assert.equal(value('""'), { type: 'REG_SZ', data: '' });
  assert.equal(value('dword:0000001f'), { type: 'REG_DWORD', data: 31 });
  assert.equal(value('dword:FFFFFFFF'), { type: 'REG_DWORD', data: 4294967295 });
  assert.equal(value('hex:01,\\\r\n  02,03'), { type: 'REG_BINARY', data: Uint8Array.of(1, 2, 3) });
  assert.equal(value('hex:'), { type: 'REG_BINARY', data: new Uint8Array() });
  assert.equal(value('hex(0):'), { type: 'REG_NONE', data: new Uint8Array() });
  assert.equal(value('hex(2):25,00,58,00,25,00,00,00'), { type: 'REG_EXPAND_SZ', data: '%X%' });
  assert.equal(value('hex(7):61,00,00,00,62,00,\\\r\n  00,00,00,00'), { type: 'REG_MULTI_SZ', data: ['a', 'b'] });
  assert.equal(value('hex(b):01,00,00,00,00,00,00,80'), { type: 'REG_QWORD', data: 2n ** 63n + 1n });
  assert.equal(value('hex(4):02,00,00,00'), { type: 'REG_DWORD', data: 2 });
});

test('a name may hold what a text may', () => {
  assert.equal(
    parse('[HKLM\\SOFTWARE\\K]\r\n"a=\\"b\\\\c;"="x"\r\n').map((one) => ('name' in one ? one.name : '')),
    ['', 'a="b\\c;'],
  );
});

test('REGEDIT4 keeps texts in hex as bytes', () => {
  const four = Buffer.from(
    'REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\K]\r\n"e"=hex(2):25,58,25,00\r\n"m"=hex(7):61,00,62,00,00\r\n"b"=hex:ff\r\n',
  );
  assert.equal(
    parseRegFile(four).flatMap((one) => (one.kind === 'set-value' ? [one.value] : [])),
    [
      { type: 'REG_EXPAND_SZ', data: '%X%' },
      { type: 'REG_MULTI_SZ', data: ['a', 'b'] },
      { type: 'REG_BINARY', data: Uint8Array.of(255) },
    ],
  );
  assert.match(fault(Buffer.from('REGEDIT4\n[HKLM\\SOFTWARE\\K]\n"e"=hex(2):e9,00\n')), 'line 3: has text beyond ASCII in hex');
});

test('broken hex is told with its line, that of the piece that is broken', () => {
  assert.match(badValue('hex:01,0g'), 'line 4: has broken hex behind byte 1');
  assert.match(badValue('hex:01 02'), 'line 4: has broken hex behind byte 1');
  assert.match(badValue('hex:01,,02'), 'line 4: has broken hex behind byte 1');
  assert.match(badValue('hex:123'), 'line 4: has broken hex');
  assert.match(badValue('hex:01,'), 'line 4: has hex that ends with a comma');
  assert.match(badValue('hex:01,\\\r\n  zz'), 'line 5: has broken hex behind byte 1');
  assert.match(badValue('hex:01,\\ 02'), 'line 4: has a backslash that is not at the end');
  assert.match(fault('[HKLM\\SOFTWARE\\K]\r\n"v"=hex:01,\\\r\n'), 'line 4: has hex that goes on behind the end');
});

test('every other mistake is told with its line, too', () => {
  assert.match(badValue('dword:'), 'line 4: has a dword');
  assert.match(badValue('dword:123456789'), 'line 4: has a dword');
  assert.match(badValue('dword:xyz'), 'line 4: has a dword');
  assert.match(badValue('qword:1'), 'neither text, dword nor hex');
  assert.match(badValue('"a\\b"'), 'lone backslash');
  assert.match(badValue('"never closed'), 'line 4: begins a text without its closing quote');
  assert.match(badValue('"x" y'), 'something behind its value');
  assert.match(badValue('hex(4):01'), 'type 4 that its 1 bytes do not fit');
  assert.match(badValue('hex(6):61,00'), 'not for configuration');
  assert.match(badValue('hex(1):61,00,00,00,62,00'), 'NUL inside');
  assert.match(fault('"v"="x"'), 'line 3: is a value before any key');
  assert.match(fault('[-HKLM\\SOFTWARE\\K]\r\n"v"="x"'), 'line 4: is a value of a key that is removed');
  assert.match(fault('[HKLM\\SOFTWARE'), 'line 3: is a key without its closing bracket');
  assert.match(fault('[HKLM\\\\SOFTWARE]'), 'line 3: is a key with an empty name');
  assert.match(fault('[]'), 'line 3: is a key with an empty name');
  assert.match(fault('[HKLM\\SOFTWARE\\K]\r\n"v":"x"'), 'line 4: is a value without "="');
  assert.match(fault('reg add x'), 'line 3: is no key, value or comment');
});

test('bounds: value, name, depth and number', () => {
  const hex = (size: number) => `hex:${Array(size).fill('00').join(',')}`;
  assert.is(badValue(hex(REG_VALUE_MAX)), 'taken');
  assert.match(badValue(hex(REG_VALUE_MAX + 1)), `line 4: has a value of more than ${REG_VALUE_MAX} bytes`);
  assert.is(badValue(`"${'x'.repeat((REG_VALUE_MAX - 2) / 2)}"`), 'taken');
  assert.match(
    badValue(`"${'x'.repeat(REG_VALUE_MAX / 2)}"`),
    `has a value of ${REG_VALUE_MAX + 2} bytes (at most ${REG_VALUE_MAX} can be written)`,
  );
  assert.match(fault(`[HKLM\\${'x'.repeat(256)}]`), 'more than 255 characters');
  assert.match(fault(`[HKLM${'\\x'.repeat(512)}]`), 'more than 512 levels');
  assert.match(fault('[HKLM\\SOFTWARE\\K]\r\n'.repeat(REG_OPERATIONS_MAX + 1)), 'one too many');
});

/** As regedit would write it, lines cut as it cuts them. */
function written(data: DecodedValue): string {
  const { type, raw } = encodeValue(data);
  if (data.type === 'REG_SZ' && !/[\r\n]/.test(data.data)) return `"${data.data.replace(/[\\"]/g, '\\$&')}"`;
  if (data.type === 'REG_DWORD') return `dword:${data.data.toString(16).padStart(8, '0')}`;
  const bytes = Array.from(raw, (byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 25) lines.push(bytes.slice(at, at + 25).join(','));
  return `hex${type === 3 ? '' : `(${type.toString(16)})`}:${lines.join(',\\\r\n  ')}`;
}

const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((one) => !/[\0\r\n]/.test(one));
const PLAIN = { noNullPrototype: true } as const;
const anyValue: fc.Arbitrary<DecodedValue> = fc.oneof(
  fc.record({ type: fc.constantFrom('REG_SZ' as const, 'REG_EXPAND_SZ' as const), data: text }, PLAIN),
  fc.record({ type: fc.constant('REG_DWORD' as const), data: fc.nat() }, PLAIN),
  fc.record({ type: fc.constant('REG_QWORD' as const), data: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }, PLAIN),
  fc.record(
    {
      type: fc.constant('REG_MULTI_SZ' as const),
      data: fc.array(
        text.filter((one) => one !== ''),
        { maxLength: 4 },
      ),
    },
    PLAIN,
  ),
  fc.record({ type: fc.constantFrom('REG_BINARY' as const, 'REG_NONE' as const), data: fc.uint8Array({ maxLength: 80 }) }, PLAIN),
);

test('any value comes back from what regedit would write', () => {
  fc.assert(
    fc.property(text, anyValue, (name, data) => {
      const quoted = name.replace(/[\\"]/g, '\\$&');
      const [, set] = parse(`[HKLM\\SOFTWARE\\K]\r\n"${quoted}"=${written(data)}\r\n`);
      assert.equal(set, { kind: 'set-value', key: 'HKLM\\SOFTWARE\\K', name, value: data, line: 4 });
    }),
  );
});

test('damaged and random bytes end as a FormatError or as operations, never otherwise', () => {
  const good = wide(
    `${FIVE}[HKLM\\SOFTWARE\\K]\r\n"a"="b"\r\n"c"=hex(7):61,00,00,00,\\\r\n  00,00\r\n@=dword:1\r\n[-HKLM\\SOFTWARE\\L]\r\n`,
  );
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, end) => {
      const bad = good.slice(0, end);
      if (at < bad.length) bad[at] = byte;
      fault(bad);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[]-\\"@=;hex:dword,01 \r\n') }), (body) => void fault(body)),
    { numRuns: 500 },
  );
});

const tools = needTools(test, { hivexregedit: 'libwin-hivex-perl' });
(tools === (test as never) ? needRealData(test) : test.skip)(
  'what hivexregedit exports of real hives comes back value by value',
  async () => {
    for (const [file, root] of [
      ['hives/win10-default.NTUSER.DAT', ''],
      ['hives/win10.Amcache.hve', ''],
    ] as const) {
      await withScratch(async (folder) => {
        const hive = join(folder, 'hive');
        const bytes = readFileSync(join(realData, file));
        writeFileSync(hive, bytes);
        const exported = execFileSync('hivexregedit', ['--export', '--prefix', 'HKEY_USERS\\X', hive, `\\${root}`], {
          encoding: 'utf8',
          maxBuffer: 2 ** 28,
        });
        const regf = openRegf(new Uint8Array(bytes));
        let [values, skipped] = [0, 0];
        for (const block of exported.split(/\n(?=\[)/).slice(1)) {
          let operations: ReturnType<typeof parseRegFile>;
          try {
            operations = parse(block);
          } catch (error) {
            // Types that are no settings, and texts that break off in a character or hold a NUL.
            assert.match((error as Error).message, /not for configuration|NUL inside|at most 16344|more than 16344/, block.slice(0, 300));
            skipped++;
            continue;
          }
          for (const operation of operations) {
            if (operation.kind !== 'set-value') continue;
            const key = regf.find(operation.key.slice('HKEY_USERS\\X'.length + 1).replace(/^\\/, ''))!;
            const stored = regf.values(key).find(({ name }) => name === operation.name)!;
            const { type, raw } = encodeValue(operation.value);
            assert.is(type, stored.type, `${operation.key}!${operation.name}`);
            // A text without its terminator gets one, and loses what stands behind it.
            const [old, now] = [stored.raw, raw].map((one) =>
              Buffer.from(one)
                .toString('hex')
                .replace(type === 3 ? /^$/ : /(?:0000)+$/, ''),
            );
            assert.is(now, old, `${operation.key}!${operation.name}`);
            values++;
          }
        }
        assert.ok(values > 200, `${file}: ${values} values`);
        assert.ok(skipped < values / 20, `${file}: ${skipped} keys skipped, ${values} values read`);
      });
    }
  },
);

test.run();
