import type { RulePage } from '../../../catalog/index.ts';
import { rulePage } from '../rule-page/rule-page.ts';
import { html } from './html.ts';
import { BlockPrinter } from './html-blocks.ts';
import type { SitePage } from './layout.ts';
import type { SiteLinks } from './site-links.ts';

/** The page of a rule, with its contents at the side. */
export function ruleSitePage(rule: RulePage, path: string, links: SiteLinks): SitePage {
  const { title, subtitle, sections } = rulePage(rule);
  const printer = new BlockPrinter(path, links);
  const contents = sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`);
  const bodies = sections.map(
    (section) =>
      html`<section id="${section.id}"><h2>${section.title}</h2>${printer.blocks(section.blocks)}</section>\n`,
  );
  return {
    path,
    title,
    main: html`<div class="with-contents">
<article>
<header><h1>${title}</h1><p class="subtitle">${printer.text(subtitle)}</p></header>
${bodies}</article>
<nav class="contents" aria-label="On this page"><p>On this page</p><ul>${contents}</ul></nav>
</div>`,
  };
}
