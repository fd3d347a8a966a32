import type { ActionListing, IndicatorListing } from '../../../catalog/index.ts';
import { countOf, countText } from '../../output/quantities.ts';
import { type Page, plainText, type TableBlock } from '../../pages/page.ts';
import { actionsPage } from '../listings/actions-page.ts';
import { type TitleOf } from '../listings/titles.ts';
import { html } from './html.ts';
import { BlockPrinter } from './html-blocks.ts';
import { indicatorTable } from './indicator-table.ts';
import type { SitePage } from './layout.ts';
import { PAGES, type SiteLinks } from './site-links.ts';

/** The watched operations. */
export function actionsSitePage(actions: readonly ActionListing[], titleOf: TitleOf, links: SiteLinks): SitePage {
  return { ...sitePage(actionsPage(actions, titleOf), PAGES.actions, links), look: 'aligned' };
}

/** The fields that rules look at, each with a page of its own. */
export function indicatorsSitePage(
  fields: ReadonlyMap<string, readonly IndicatorListing[]>,
  links: SiteLinks,
): SitePage {
  const printer = new BlockPrinter(PAGES.indicators, links);
  const rows = [...fields]
    .map(([field, indicators]) => ({
      field,
      combinations: indicators.length,
      rules: new Set(indicators.flatMap(({ rules }) => rules)).size,
    }))
    .toSorted((a, b) => b.rules - a.rules || (a.field < b.field ? -1 : 1));
  return {
    path: PAGES.indicators,
    title: 'Indicators',
    main: html`<header><h1>Indicators</h1><p class="subtitle">What rules look for, by field</p></header>
${printer.blocks([fieldTable(rows)])}`,
  };
}

interface FieldRow {
  readonly field: string;
  readonly combinations: number;
  readonly rules: number;
}

function fieldTable(rows: readonly FieldRow[]): TableBlock {
  return {
    kind: 'table',
    caption: 'Fields',
    columns: [{ title: 'Field' }, { title: 'Combinations', align: 'right' }, { title: 'Rules', align: 'right' }],
    rows: rows.map(({ field, combinations, rules }) => [
      [[{ kind: 'field', field, text: fieldName(field) }]],
      [[countText(combinations)]],
      [[countText(rules)]],
    ]),
  };
}

/** What rules look for in one field. */
export function fieldSitePage(
  field: string,
  indicators: readonly IndicatorListing[],
  path: string,
  titleOf: TitleOf,
  links: SiteLinks,
): SitePage {
  const table: TableBlock = indicatorTable(indicators, titleOf);
  const rules = new Set(indicators.flatMap((indicator) => indicator.rules)).size;
  const page: Page = {
    title: fieldName(field),
    subtitle: [`${countOf(indicators.length, 'combination')} of comparison and values in ${countOf(rules, 'rule')}`],
    sections: [{ id: 'combinations', title: 'Combinations', blocks: [table] }],
  };
  return sitePage(page, path, links);
}

/** The field of keywords has no name. */
function fieldName(field: string): string {
  return field === '' ? 'keywords, anywhere in the event' : field;
}

function sitePage(page: Page, path: string, links: SiteLinks): SitePage {
  const printer = new BlockPrinter(path, links);
  return {
    path,
    title: page.title,
    main: html`<header><h1>${page.title}</h1><p class="subtitle">${plainText(page.subtitle)}</p></header>
${page.sections.map(
  ({ id, title, blocks }) =>
    html`<section id="${id}">${page.sections.length > 1 ? html`<h2>${title}</h2>` : undefined}${printer.blocks(blocks)}</section>\n`,
)}`,
  };
}
