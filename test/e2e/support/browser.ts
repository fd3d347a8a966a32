import assert from 'node:assert/strict';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHROMIUM_REMEDY, findChromium } from '../../../dev/browser/index.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  assert(executablePath !== undefined, `There is no Chromium. ${CHROMIUM_REMEDY}`);
  return await chromium.launch({ executablePath, args: FLAGS });
}

/** A window of a browser, and what went wrong in it or left the site. */
export interface WatchedWindow {
  readonly context: BrowserContext;
  /** What the console says, at any level, and errors that nothing caught. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
}

export async function openWindow(browser: Browser, options: BrowserContextOptions): Promise<WatchedWindow> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  const requests: string[] = [];
  context.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => requests.push(request.url()));
  return { context, complaints, requests };
}

/** Columns of pixels by which a page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Opens everything that is folded away. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
}

/** What axe finds against a page, of every rule that it has, with the first place of each. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  // Without preload: the style sheet is not fetched again, which the page's content policy would refuse.
  return await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => id + ': ' + help + ' (' + nodes.length + ' times, at first ' + nodes[0].html + ')'))`,
  );
}
