// Markdown of one line: code first, and nothing but our own markup.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inlineHtml } from '../../../report/html/inline.ts';

test('code, bold and italics; the rest is text', () => {
  assert.is(inlineHtml(' a\n `b*c*<` **d** *e* <f> '), 'a <code>b*c*&lt;</code> <strong>d</strong> <em>e</em> &lt;f&gt;');
  assert.is(inlineHtml('one ` alone * and *'), 'one ` alone <em> and </em>');
  assert.is(inlineHtml(''), '');
});

test.run();
