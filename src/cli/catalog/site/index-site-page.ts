import type { RuleListing } from '../../../catalog/index.ts';
import { countOf, countText } from '../../output/quantities.ts';
import { logsourceText } from '../rule-page/logsource-text.ts';
import { type Html, html } from './html.ts';
import { BlockPrinter, severityBadge } from './html-blocks.ts';
import type { SitePage } from './layout.ts';
import { ruleDetails } from './rule-details.ts';
import { PAGES, type SiteLinks } from './site-links.ts';

/** So many rules are shown at once; more are folded by log source. */
const SHOWN_AT_ONCE = 200;
const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'];

/** All rules, by log source, and a search. */
export function indexSitePage(rules: readonly RuleListing[], title: string, links: SiteLinks): SitePage {
  const printer = new BlockPrinter(PAGES.index, links);
  const groups = [...Map.groupBy(rules, groupOf)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    path: PAGES.index,
    title,
    scripts: ['search-index.js', 'search.js'],
    main: html`<header><h1>${title}</h1><p class="subtitle">${countOf(rules.length, 'rule')} for ${countOf(groups.length, 'log source')}</p></header>
${levelCounts(rules)}
<form class="search" role="search" hidden>
<label for="search">Search titles, ids, ATT&amp;CK, authors, resources</label>
<input id="search" type="search" autocomplete="off" spellcheck="false" aria-describedby="search-hint">
<p id="search-hint">Narrow it down with words such as <code>level:high</code>, <code>status:stable</code> or <code>product:kubernetes</code>.</p>
<p id="search-status" role="status"></p>
<ol id="search-results" class="rules"></ol>
</form>
<div id="all-rules">
${groups.map(([name, group]) => groupSection(name, group, rules.length <= SHOWN_AT_ONCE, printer, links))}</div>`,
  };
}

function groupOf({ isBroken, isCorrelation, logsource }: RuleListing): string {
  if (isBroken) return 'refused rules';
  return isCorrelation ? 'correlations' : logsourceText(logsource);
}

function levelCounts(rules: readonly RuleListing[]): Html {
  const counts = LEVELS.map((level) => [level, rules.filter((rule) => rule.level === level).length] as const);
  return html`<ul class="counts">${counts
    .filter(([, count]) => count > 0)
    .map(([level, count]) => html`<li>${severityBadge(level)} ${countText(count)}</li>`)}</ul>`;
}

function groupSection(
  name: string,
  rules: readonly RuleListing[],
  open: boolean,
  printer: BlockPrinter,
  links: SiteLinks,
): Html {
  const items = rules.map(
    (rule) =>
      html`<li>${rule.isBroken ? undefined : severityBadge(rule.level ?? 'none')}<span>${printer.link(links.rule(rule.key), rule.title)}<span class="muted">${ruleDetails(rule)}</span></span></li>\n`,
  );
  return html`<details class="group"${open ? html` open` : undefined}><summary><h2>${name}</h2> <span class="muted">${countText(rules.length)}</span></summary>
<ol class="rules">${items}</ol></details>
`;
}
