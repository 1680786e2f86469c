// The HTML report in a real browser: wide and narrow, light and dark, accessible, quiet, filtered, and harmless with hostile names.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { html } from '../../report/html.ts';
import { withScratch } from '../../tools/scratch.ts';
import { type Look, type Opened, withBrowser } from '../helpers/browser.ts';
import { needTools } from '../helpers/need.ts';
import { cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';

const inBrowser = needTools(test, { chromium: 'chromium' });
const DESKTOP: Look = { width: 1280 };
const PHONE: Look = { width: 390 };

/** What reaches over the right edge of the card or tile that holds it. */
const OVERRUN = `[...document.querySelectorAll('.card, .tiles li, .bar form')].flatMap((card) => {
  const edge = card.getBoundingClientRect().right + 1;
  return [...card.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > edge).map((one) => one.outerHTML.slice(0, 120));
})`;

async function withReport(result: typeof sampleResult, use: (open: (look: Look) => Promise<Opened>) => Promise<void>): Promise<void> {
  await withScratch(async (folder) => {
    const file = join(folder, 'report.html');
    await writeFile(file, html.render(result, sampleContext));
    await withBrowser((open) => use((look) => open(file, look)));
  });
}

/** Run from outside of the page: its policy allows no script but its own. */
async function axeFaults({ page }: Opened): Promise<readonly string[]> {
  const run = `${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;
  return (await page.evaluate(run)) as string[];
}

inBrowser('nothing runs over, nothing is asked for, nothing is said, at both widths and in both schemes; axe finds no fault', async () => {
  for (const result of [sampleResult, cleanResult]) {
    await withReport(result, async (open) => {
      for (const look of [DESKTOP, PHONE]) {
        for (const scheme of ['light', 'dark'] as const) {
          const opened = await open({ ...look, scheme });
          const { page, asked, said } = opened;
          const [wide, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number];
          assert.ok(wide <= seen, `${look.width}: the page is ${wide} wide`);
          const [dark, light] = (await page.evaluate(
            `['body', '.pill'].map((of) => getComputedStyle(document.querySelector(of)).backgroundColor)`,
          )) as [string, string];
          assert.is.not(dark, light);
          assert.ok((await page.screenshot({ fullPage: true })).length > 10_000);
          assert.equal(await axeFaults(opened), [], `${look.width} ${scheme}`);
          assert.equal([asked, said], [[], []]);
        }
      }
    });
  }
});

inBrowser('nothing stands out of the card that holds it, whatever the image is', async () => {
  for (const outcome of ['failed', 'passed'] as const) {
    const [image] = sampleResult.images;
    const outcomes = image!.outcomes.map((one) =>
      one.rule === 'hygiene/generalized' ? { rule: one.rule, shows: one.shows!, outcome } : one,
    );
    await withReport({ ...sampleResult, images: [{ ...image!, outcomes }] }, async (open) => {
      for (const look of [DESKTOP, { width: 768 }, PHONE, { width: 320 }])
        assert.equal(await (await open(look)).page.evaluate(OVERRUN), [], `${outcome}, ${look.width}`);
    });
  }
});

inBrowser('a figure of nothing has no colour of its own', async () => {
  await withReport(sampleResult, async (open) => {
    const { page } = await open(DESKTOP);
    const colours = (await page.evaluate(
      `[...document.querySelectorAll('.tiles li')].map((tile) => [tile.querySelector('b').textContent === '0', getComputedStyle(tile.querySelector('b')).color])`,
    )) as [boolean, string][];
    const plain = new Set(colours.filter(([none]) => none).map(([, colour]) => colour));
    assert.ok(plain.size <= 1);
    for (const [none, colour] of colours) assert.is(none, plain.has(colour), colour);
  });
});

inBrowser('the two schemes differ', async () => {
  await withReport(sampleResult, async (open) => {
    const colours = await Promise.all(
      (['light', 'dark'] as const).map(async (scheme) =>
        (await open({ ...DESKTOP, scheme })).page.evaluate('getComputedStyle(document.body).backgroundColor'),
      ),
    );
    assert.is.not(colours[0], colours[1]);
  });
});

inBrowser('search and chips leave what fits; groups without any go; the count says so', async () => {
  await withReport(sampleResult, async (open) => {
    const { page } = await open(DESKTOP);
    const items = () => page.locator('[data-kind]:visible').count();
    const all = await items();
    assert.is(all, sampleResult.images[0]!.findings.length + 1, 'every finding and the rule that is unable');
    await page.fill('#search', 'UNATTEND.xml');
    assert.is(await items(), 1);
    assert.is(await page.locator('article:visible').count(), 1);
    assert.is(await page.textContent('#shown'), `1 of ${all} shown`);
    await page.fill('#search', 'secrets/product-key unattend');
    assert.is(await items(), 1, 'every word has to fit, the id of the rule counts');
    await page.fill('#search', 'nothing like it');
    assert.is(await items(), 0);
    await page.fill('#search', '');
    await page.uncheck('[value=error]');
    assert.is(await page.locator('li[data-kind=error]:visible').count(), 0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('/');
    assert.is(await page.evaluate('document.activeElement.id'), 'search');
  });
});

inBrowser('without scripts the page shows everything and offers no filter', async () => {
  await withReport(sampleResult, async (open) => {
    const { page } = await open({ ...DESKTOP, javascript: false });
    assert.is(await page.locator('#filter').isVisible(), false);
    assert.is(await page.locator('[data-kind]:visible').count(), sampleResult.images[0]!.findings.length + 1);
  });
});

inBrowser('a name that is markup is text', async () => {
  await withReport(sampleResult, async (open) => {
    const { page, said } = await open(DESKTOP);
    assert.is(await page.locator('img').count(), 0);
    assert.match((await page.textContent('main'))!, '/Tools/<img src=x onerror=alert(1)>.dll');
    assert.equal(said, []);
  });
});

test.run();
