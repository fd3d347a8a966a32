import type { RuleListing } from '../../../catalog/index.ts';
import { visibleText } from '../../pages/visible-text.ts';
import { logsourceText } from '../rule-page/logsource-text.ts';
import { ruleDetails } from './rule-details.ts';
import type { SiteLinks } from './site-links.ts';

/**
 * What the search knows, rule by rule: title, path, level, what is shown below the title, and what is searched beside it. A script, so that it works from
 * files as well; only data, which is never taken for HTML.
 */
export function searchIndexScript(rules: readonly RuleListing[], links: SiteLinks): string {
  const entries = rules.map((rule) => [
    visibleText(rule.title),
    links.rule(rule.key) ?? '',
    rule.level ?? '',
    visibleText(aboutText(rule)),
    searchedText(rule),
  ]);
  // "</" would end a script that stands in a page; line separators end a line in old ones.
  const json = JSON.stringify(entries).replace(
    /[<\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `globalThis.ruleIndex = ${json};\n`;
}

function aboutText(rule: RuleListing): string {
  if (rule.isBroken) return 'refused';
  const what = rule.isCorrelation ? 'correlation' : logsourceText(rule.logsource);
  return [what, ruleDetails(rule)].filter((text) => text !== '').join(' · ');
}

function searchedText(rule: RuleListing): string {
  const { product, category, service } = rule.logsource;
  const terms = Object.entries({ level: rule.level, status: rule.status, product, category, service });
  return [rule.id, rule.name, rule.file, rule.author, ...rule.tactics, ...rule.techniques, ...rule.resources]
    .concat(terms.flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`])))
    .filter((text) => text !== undefined)
    .join(' ')
    .toLowerCase();
}

/** Finds the rules that have every word; those with the words in their title come first. */
export const SEARCH_SCRIPT = `'use strict';
(() => {
  const SHOWN = 50;
  const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'];
  const form = document.querySelector('form.search');
  const input = document.getElementById('search');
  const results = document.getElementById('search-results');
  const status = document.getElementById('search-status');
  const all = document.getElementById('all-rules');
  const rules = globalThis.ruleIndex ?? [];

  const search = (words) => {
    const inTitle = [];
    const elsewhere = [];
    for (const rule of rules) {
      const title = rule[0].toLowerCase();
      if (words.every((word) => title.includes(word))) inTitle.push(rule);
      else if (words.every((word) => title.includes(word) || rule[4].includes(word))) elsewhere.push(rule);
    }
    return [...inTitle, ...elsewhere];
  };

  const item = ([title, path, level, about]) => {
    const element = document.createElement('li');
    const badge = document.createElement('span');
    badge.className = 'severity ' + (LEVELS.includes(level) ? level : 'none');
    badge.textContent = level === '' ? 'none' : level;
    const link = document.createElement('a');
    link.href = path;
    link.textContent = title;
    const details = document.createElement('span');
    details.className = 'muted';
    details.textContent = about;
    const text = document.createElement('span');
    text.append(link, details);
    element.append(badge, text);
    return element;
  };

  const update = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    const found = words.length === 0 ? [] : search(words);
    results.replaceChildren(...found.slice(0, SHOWN).map(item));
    all.hidden = words.length > 0;
    if (words.length === 0) status.textContent = '';
    else if (found.length > SHOWN) status.textContent = found.length + ' rules, the first ' + SHOWN + ' of them:';
    else status.textContent = found.length === 1 ? '1 rule' : found.length + ' rules';
  };

  form.addEventListener('submit', (event) => event.preventDefault());
  input.addEventListener('input', update);
  form.hidden = false;
  if (input.value !== '') update();
})();
`;
