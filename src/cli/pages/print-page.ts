import { safeJsonIndented } from '../output/json.ts';
import type { Output } from '../output/terminal.ts';
import { markdownPage } from './markdown-page.ts';
import type { Page } from './page.ts';
import type { PageFormat } from './page-format.ts';
import { terminalPage } from './terminal-page.ts';

/** Prints a page, or the data that it shows. */
export function printPage(page: Page, data: unknown, format: PageFormat, out: Output): void {
  out.write(pageText(page, data, format, out));
}

function pageText(page: Page, data: unknown, format: PageFormat, out: Output): string {
  switch (format) {
    case 'pretty':
      return terminalPage(page, out.style, out.interactive ? out.columns : WIDE);
    case 'markdown':
      return markdownPage(page);
    case 'json':
      return `${safeJsonIndented(data)}\n`;
    default:
      return format satisfies never;
  }
}

/** Where nobody's window limits the lines. */
const WIDE = 160;
