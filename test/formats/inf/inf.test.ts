// INF files: sections, joined lines, strings, quotes, encodings; hostile text ends as a FormatError or as a value.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { INF_MAX_BYTES, INF_MAX_LINES, parseInf } from '../../../formats/inf/inf.ts';
import { needTools } from '../../helpers/need.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const of = (text: string, section: string) => parseInf(bytes(text)).sections.get(section);

test('sections of one name are one, whatever their case; entries keep their line', () => {
  assert.equal(of('[A]\r\nx = 1, "2, 3" ,4\r\n\r\n[b]\r\ny\r\n[a] ; again\r\nz=\r\n', 'a'), [
    { key: 'x', values: ['1', '2, 3', '4'], line: 2 },
    { key: 'z', values: [''], line: 7 },
  ]);
  assert.equal(of('[b]\ny,z\n', 'b'), [{ key: '', values: ['y', 'z'], line: 2 }]);
});

test('comments end a line, not within quotes; a backslash joins lines', () => {
  assert.equal(of('[a]\nx = "1;2" ; 3\ny = 1, \\\n  2, \\\n  3\nz = 4', 'a'), [
    { key: 'x', values: ['1;2'], line: 2 },
    { key: 'y', values: ['1', '2', '3'], line: 3 },
    { key: 'z', values: ['4'], line: 6 },
  ]);
  assert.equal(of('[a]\nx = "say ""hi"""', 'a')![0]!.values, ['say "hi"']);
  assert.equal(of('[a]\nx = 1 \\', 'a')![0]!.values, ['1']);
});

test('strings are put in, in any case; unknown ones stay, two percent signs are one', () => {
  const text =
    '[a]\n%Dev% = %PROVIDER%, 100%%, %nobody%\n[Strings.0407]\nprovider = "Anbieter"\n[Strings]\nProvider = "Corp, Inc."\ndev="Device"';
  assert.equal(of(text, 'a'), [{ key: 'Device', values: ['Corp, Inc.', '100%', '%nobody%'], line: 2 }]);
  // A string that names itself is put in once.
  assert.equal(of('[a]\nx=%y%\n[strings]\ny=%y%', 'a')![0]!.values, ['%y%']);
});

test('UTF-16 with its mark, UTF-8 with and without, an 8-bit code page', () => {
  const text = '[Version]\nProvider = "Müller"\n';
  const wide = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
  for (const form of [
    bytes(text),
    bytes(`\ufeff${text}`),
    wide,
    new Uint8Array(Buffer.from(wide).swap16()),
    new Uint8Array(Buffer.from(text, 'latin1')),
  ]) {
    assert.equal(parseInf(form).sections.get('version')![0]!.values, ['Müller']);
  }
});

test('what is no INF is refused, and so is what is too much', () => {
  const refusal = (input: Uint8Array) => {
    try {
      parseInf(input);
      return 'taken';
    } catch (error) {
      assert.instance(error, FormatError);
      return (error as Error).message;
    }
  };
  assert.match(refusal(bytes('')), 'has no section');
  assert.match(refusal(bytes('x = 1')), 'has no section');
  assert.match(refusal(new Uint8Array([0x4d, 0x5a, 0, 0])), 'is binary');
  assert.match(refusal(new Uint8Array(INF_MAX_BYTES + 1)), 'is too large');
  assert.match(refusal(bytes(`[a]${'\n'.repeat(INF_MAX_LINES)}`)), 'more than 200000 lines');
  assert.match(refusal(bytes(`[a]\n${`${'x'.repeat(1000)}\\\n`.repeat(100)}`)), 'line 2 is longer than 65536');
  assert.match(refusal(bytes(Array.from({ length: 20_001 }, (_, at) => `[s${at}]`).join('\n'))), 'more than 20000 sections');
});

test('any text gives sections or a FormatError', () => {
  const pieces = fc.constantFrom('[', ']', '=', ',', '"', '%', ';', '\\', '\n', ' ', 'a', '[a]\n', '%a%', '[strings]\n', '\ufeff');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      try {
        for (const entries of parseInf(bytes(parts.join(''))).sections.values())
          for (const { values } of entries) assert.ok(values.length > 0);
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
    { numRuns: 500 },
  );
});

/** The one large INF that a Debian machine may have: Wine's own. */
const WINE_INF = '/usr/share/wine/wine.inf';
needTools(test, { wine: 'wine' })("reads Wine's own INF as grep sees it", () => {
  const { sections } = parseInf(new Uint8Array(readFileSync(WINE_INF)));
  const headers = spawnSync('grep', ['-c', '^\\[', WINE_INF], { encoding: 'utf8' }).stdout.trim();
  assert.is(sections.size, Number(headers));
  assert.equal(sections.get('version')!.find(({ key }) => key.toLowerCase() === 'signature')!.values, ['$CHICAGO$']);
});

test.run();
