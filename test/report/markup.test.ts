// Text in XML and HTML: no markup, no hidden characters, one line unless ours has several.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { markup } from '../../report/markup.ts';

test('markup and what hides are written out', () => {
  assert.is(markup(`<a b="c">&'`), '&lt;a b=&quot;c&quot;&gt;&amp;&#39;');
  assert.is(markup('a\nb\u202e'), 'a\\u{a}b\\u{202e}');
  assert.is(markup('a\nb\rc', true), 'a\nb\\u{d}c');
});

test('nothing that ends an attribute or begins an element is left', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.not.match(markup(text), /[<>"'\n\r\0]/)));
});

test.run();
