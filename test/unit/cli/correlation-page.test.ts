import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { CorrelationPage, RuleListing } from '../../../src/catalog/index.ts';
import { loadCatalog } from '../../../src/cli/catalog/load-catalog.ts';
import { rulePage } from '../../../src/cli/catalog/rule-page/rule-page.ts';
import { runList } from '../../../src/cli/catalog/run-list.ts';
import { runShow } from '../../../src/cli/catalog/run-show.ts';
import { pageText } from '../../../src/cli/catalog/site/layout.ts';
import { ruleSitePage } from '../../../src/cli/catalog/site/rule-site-page.ts';
import { siteFiles } from '../../../src/cli/catalog/site/site.ts';
import { siteLinks } from '../../../src/cli/catalog/site/site-links.ts';
import { createStyle } from '../../../src/cli/output/style.ts';
import { markdownPage } from '../../../src/cli/pages/markdown-page.ts';
import { terminalPage } from '../../../src/cli/pages/terminal-page.ts';
import { SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { htmlSections, markdownSections, type ShownSections, terminalSections } from './shown-sections.ts';
import { brokenLinks } from './site-links.ts';
import { testTerminal } from './terminal.ts';

const MANY = `title: Many secrets read
id: 77aa1c1e-52b1-4a55-9d24-1a3c6d2f6b1d
author: Somebody
tags: [attack.credential-access]
correlation:
    type: value_count
    rules: [5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d]
    group-by: [user.username]
    timespan: 90m
    condition: { gte: 10, lt: 1000, field: objectRef.name }
level: high
`;
const CHAIN = `title: Read, then used
correlation:
    type: temporal_ordered
    rules: [many, used]
    group-by: [who]
    aliases:
        who: { many: user.username, used: impersonatedUser.username }
    timespan: 2d
level: critical
---
title: Many of them
name: many
correlation: { type: event_count, rules: [read], group-by: [user.username], timespan: 5m, condition: { gt: 3 } }
---
title: One read
name: read
logsource: { product: kubernetes, service: audit }
detection: { a: { verb: get, objectRef.resource: secrets }, condition: a }
---
title: Impersonation
name: used
logsource: { product: kubernetes, service: audit }
detection: { a: { impersonatedUser.username|contains: admin }, condition: a }
`;

describe('the page of a correlation', () => {
  const folder = testFolder();
  beforeEach(() => folder.write({ 'secret.yml': SECRETS_RULE, 'many.yml': MANY, 'chain.yml': CHAIN }));

  const selection = (): { readonly rules: readonly string[]; readonly cluster: false } => ({
    rules: [folder.path],
    cluster: false,
  });

  async function show(rule: string, format: 'json' | 'pretty' = 'json', policy?: string): Promise<string> {
    const terminal = testTerminal();
    assert.equal(await runShow({ ...selection(), rule, format, policy }, terminal), 0);
    return terminal.stdout();
  }

  it('says when it fires, and what the rules watch that it counts, wherever they are', async () => {
    for (const wanted of ['Many secrets read', '77aa1c1e-52b1-4a55-9d24-1a3c6d2f6b1d', join(folder.path, 'many.yml')]) {
      const page: CorrelationPage = JSON.parse(await show(wanted));
      assert.equal(page.kind, 'correlation');
      assert.deepEqual(
        page.rules.map(({ title, key, events }) => [title, key, events?.levels?.all]),
        [['Secret read', join(folder.path, 'secret.yml'), 'Metadata']],
      );
      assert.deepEqual(
        page.attack.tactics.map(({ tactic }) => tactic.name),
        ['Credential Access'],
      );
    }
    const text = await show('Many secrets read', 'pretty');
    assert.match(text, /^Many secrets read\nhigh · correlation\n/);
    assert.match(text, /Fires when +the number of different values of objectRef\.name is at least 10 and below 1000\n/);
    assert.match(text, /Within +90 min\n +For each +user\.username\n +Rules +Secret read\n/);
  });

  it('shows a chain, the correlation first that was asked for', async () => {
    const text = await show('Read, then used', 'pretty');
    assert.match(text, /Fires when +"Many of them" and "Impersonation" matched, in this order\n +Within +2 d\n/);
    assert.match(
      text,
      /Aliases +who is user\.username of Many of them\n +who is impersonatedUser\.username of Impersonation\n/,
    );
    assert.match(
      text,
      /\n {2}Many of them\n\n {2}Type +event_count\n {2}Fires when +the number of matches is above 3\n/,
    );
    assert.match(text, /\n {2}One read\n\n.*\n {2}Impersonation\n\n/s);
  });

  it('says under an audit policy whether the rules can fire', async () => {
    folder.write({ 'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n' });
    const page: CorrelationPage = JSON.parse(await show('Many secrets read', 'json', join(folder.path, 'policy.yaml')));
    assert.deepEqual(
      page.rules.map(({ observability, logged }) => [observability.reason, logged?.length]),
      [['NeverLogged', 1]],
    );
  });

  it('says the same in the terminal, in Markdown and in HTML', async () => {
    const { catalog } = await loadCatalog(selection());
    for (const title of ['Many secrets read', 'Read, then used']) {
      const page = catalog.page(catalog.find(title)[0] ?? '');
      assert(page?.kind === 'correlation');
      const terminal = terminalSections(terminalPage(rulePage(page), createStyle(false), 1000));
      const html = pageText(ruleSitePage(page, 'rules/x.html', siteLinks(catalog, [])), 'Catalog');
      assert.deepEqual(entries(markdownSections(markdownPage(rulePage(page)))), entries(terminal));
      assert.deepEqual(entries(htmlSections(html)), entries(terminal));
    }
  });

  it('is on the site, under correlations, with links to its rules', async () => {
    const { catalog } = await loadCatalog(selection());
    const site = new Map([...siteFiles(catalog, { title: 'Catalog' })].map(({ path, text }) => [path, text]));
    assert.deepEqual(brokenLinks(site), []);
    assert.match(
      site.get('rules/many.html') ?? '',
      /<dt>Rules<\/dt><dd><a href="\.\.\/rules\/secret\.html">Secret read<\/a>/,
    );
    assert.match(site.get('index.html') ?? '', /<h2>correlations<\/h2> <span class="muted">2</);
  });

  it('is listed with the operations of its rules', async () => {
    const terminal = testTerminal();
    const filters = {
      level: [],
      status: [],
      tactic: ['credential-access'],
      resource: ['secrets'],
      verb: ['get'],
      product: [],
    };
    await runList({ ...selection(), ...filters, sort: 'title', format: 'json' }, terminal);
    const listed: readonly RuleListing[] = JSON.parse(terminal.stdout());
    assert.deepEqual(
      listed.map(({ title, isCorrelation }) => [title, isCorrelation]),
      [['Many secrets read', true]],
    );
  });

  it('says what is missing where a rule that it refers to is not there', async () => {
    const terminal = testTerminal();
    const rule = join(folder.path, 'many.yml');
    const status = await runShow({ rules: [rule], cluster: false, rule, format: 'pretty' }, terminal);
    assert.equal(status, 1);
    assert.match(terminal.stdout(), /5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d/);
  });
});

function entries(sections: ShownSections): readonly (readonly [string, readonly string[]])[] {
  return [...sections];
}
