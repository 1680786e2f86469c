// The HTML report as text: the golden page, its policy, and nothing in it that points outside.
import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { html } from '../../report/html.ts';
import { assertExpected, cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';

const page = html.render(sampleResult, sampleContext);

test('a result with one of everything', () => assertExpected('sample.html', page));

test('a clean result', () => assertExpected('clean.html', html.render(cleanResult, sampleContext)));

test('the policy allows the one style and the one script, by their digest', () => {
  for (const tag of ['style', 'script']) {
    const [, text] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)!;
    assert.ok(page.includes(`${tag}-src 'sha256-${createHash('sha256').update(text!).digest('base64')}'`), tag);
    assert.is(page.split(`<${tag}`).length, 2, `one ${tag}`);
  }
  assert.match(page, "default-src 'none'");
});

test('nothing is loaded, and no name of the image is markup', () => {
  for (const [tag] of page.matchAll(/<[a-z][^>]*>/g)) assert.not.match(tag, /\s(?:src|href|srcset|action|data|style)=/i);
  assert.not.match(page, /url\(|@import|https?:/i);
  assert.not.match(page, /<img|\son\w+="/i);
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.not.match(page, /[\u202e\ud800]/);
});

test('a container whose name is markup stays text in title and heading', () => {
  const hostile = { ...cleanResult, container: { path: '</title><script>alert(1)</script>"\'.wim', format: 'wim' as const } };
  const text = html.render(hostile, sampleContext);
  assert.is(text.split('<script').length, 2);
  assert.is(text.split('</title>').length, 2);
});

test.run();
