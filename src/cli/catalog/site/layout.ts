import { ATTACK_NOTICE, ATTACK_RELEASE } from '../../../catalog/index.ts';
import { type Html, html } from './html.ts';
import { PAGES, relativePath } from './site-links.ts';

/** A page of the site, without its frame. */
export interface SitePage {
  /** From the root of the site. */
  readonly path: string;
  readonly title: string;
  readonly main: Html;
  /** A class of the page, for its own layout. */
  readonly look?: 'aligned';
  /** Paths of scripts that make it more convenient; it can be read without them. */
  readonly scripts?: readonly string[];
}

interface NavigationItem {
  readonly path: string;
  readonly text: string;
  /** Where the pages are that come under it. */
  readonly folder?: string;
}

const NAVIGATION: readonly NavigationItem[] = [
  { path: PAGES.index, text: 'Rules', folder: 'rules/' },
  { path: PAGES.attack, text: 'ATT&CK' },
  { path: PAGES.actions, text: 'Actions' },
  { path: PAGES.indicators, text: 'Indicators', folder: 'indicators/' },
];

/** Nothing is loaded from elsewhere, and nothing that a rule says is ever run. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'";

/** The whole text of a page. */
export function pageText({ path, title, main, look, scripts = [] }: SitePage, siteTitle: string): string {
  const to = (target: string): string => relativePath(path, target);
  const navigation = NAVIGATION.map(
    (item) => html`<li><a href="${to(item.path)}"${currentMark(item, path)}>${item.text}</a></li>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title === siteTitle ? title : `${title} · ${siteTitle}`}</title>
<link rel="stylesheet" href="${to('style.css')}">
<link rel="icon" href="data:,">
${scripts.map((script) => html`<script src="${to(script)}" defer></script>\n`)}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="site"><div class="wide"><a class="name" href="${to(PAGES.index)}">${siteTitle}</a><nav aria-label="Site"><ul>${navigation}</ul></nav></div></header>
<main id="main" class="wide${look === undefined ? undefined : ` ${look}`}">
${main}
</main>
<footer class="site"><div class="wide"><p>Rules are the work of the authors that they name. MITRE ATT&amp;CK® ${ATTACK_RELEASE.version}: ${ATTACK_NOTICE}</p></div></footer>
</body>
</html>
`.text;
}

function currentMark(item: NavigationItem, path: string): Html | undefined {
  if (item.path === path) return html` aria-current="page"`;
  return item.folder !== undefined && path.startsWith(item.folder) ? html` aria-current="true"` : undefined;
}
