// A real headless browser for pages of ours; what it may ask for over the network is nothing.
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

export interface Look {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly javascript?: boolean;
}

export interface Opened {
  readonly page: Page;
  /** Addresses that the page asked for beside itself. */
  readonly asked: readonly string[];
  /** What the console and the page's own errors said. */
  readonly said: readonly string[];
}

export async function withBrowser(use: (open: (file: string, look: Look) => Promise<Opened>) => Promise<void>): Promise<void> {
  const browser: Browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
  try {
    await use(async (file, { width, height = 900, scheme = 'light', javascript = true }) => {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, javaScriptEnabled: javascript });
      const page = await context.newPage();
      const asked: string[] = [];
      const said: string[] = [];
      const own = pathToFileURL(file).href;
      page.on('request', (request) => {
        if (request.url() !== own) asked.push(request.url());
      });
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      await page.goto(own);
      return { page, asked, said };
    });
  } finally {
    await browser.close();
  }
}
