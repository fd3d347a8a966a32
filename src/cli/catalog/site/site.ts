import {
  type AuditPolicy,
  catalogMatrix,
  type IndicatorListing,
  listActions,
  listIndicators,
  listRules,
  type RuleCatalog,
  type RuleListing,
} from '../../../catalog/index.ts';
import { titlesOf } from '../listings/titles.ts';
import { attackSitePage } from './attack-site-page.ts';
import { indexSitePage } from './index-site-page.ts';
import { pageText, type SitePage } from './layout.ts';
import { actionsSitePage, fieldSitePage, indicatorsSitePage } from './listing-site-pages.ts';
import { ruleSitePage } from './rule-site-page.ts';
import { SEARCH_SCRIPT, searchIndexScript } from './search.ts';
import { siteLinks } from './site-links.ts';
import { STYLESHEET } from './stylesheet.ts';

/** A file of the site. */
export interface SiteFile {
  /** From the root of the site: lower-case letters, digits, `-`, `.` and `/`. */
  readonly path: string;
  readonly text: string;
}

export interface SiteOptions {
  readonly title: string;
  /** An audit policy under which event coverage is shown. */
  readonly policy?: AuditPolicy | undefined;
}

/**
 * A catalog as a static site, file by file: the same catalog gives the same bytes. It needs no server, loads nothing from elsewhere, and can be read without
 * scripts.
 */
export function* siteFiles(catalog: RuleCatalog, { title, policy }: SiteOptions): Generator<SiteFile> {
  const shorten = withoutFolder(catalog);
  const rules = listRules(catalog).map(shorten).toSorted(byTitle);
  const fields = Map.groupBy(listIndicators(catalog), ({ field }: IndicatorListing) => field);
  const links = siteLinks(catalog, [...fields.keys()]);
  const titleOf = titlesOf(catalog);
  const file = (page: SitePage): SiteFile => ({ path: page.path, text: pageText(page, title) });

  yield { path: 'style.css', text: STYLESHEET };
  yield { path: 'search.js', text: SEARCH_SCRIPT };
  yield { path: 'search-index.js', text: searchIndexScript(rules, links) };
  yield file(indexSitePage(rules, title, links));
  yield file(attackSitePage(catalogMatrix(catalog), titleOf, links));
  yield file(actionsSitePage(listActions(catalog), titleOf, links));
  yield file(indicatorsSitePage(fields, links));
  for (const [field, indicators] of fields) {
    const path = links.field(field);
    if (path !== undefined) yield file(fieldSitePage(field, indicators, path, titleOf, links));
  }
  for (const { key } of rules) {
    const path = links.rule(key);
    const page = catalog.page(key, policy);
    if (path !== undefined && page !== undefined) yield file(ruleSitePage(shorten(page), path, links));
  }
}

function byTitle(a: RuleListing, b: RuleListing): number {
  return a.title.toLowerCase() < b.title.toLowerCase() ? -1 : 1;
}

/** Takes off a file's path the folder in which all files are: where that is on the disk is nobody's business. */
function withoutFolder(catalog: RuleCatalog): <T extends { readonly file?: string }>(of: T) => T {
  const folders = catalog.entries().flatMap(({ file }) => (file === undefined ? [] : [file.split('/').slice(0, -1)]));
  const [first = []] = folders;
  const differs = first.findIndex((name, i) => folders.some((folder) => folder[i] !== name));
  const shared = differs < 0 ? first.length : differs;
  return (of) => (of.file === undefined ? of : { ...of, file: of.file.split('/').slice(shared).join('/') });
}
