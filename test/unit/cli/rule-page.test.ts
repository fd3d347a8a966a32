import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { type CompiledRulePage, formatOperation, RuleCatalog } from '../../../src/catalog/index.ts';
import { rulePage } from '../../../src/cli/catalog/rule-page/rule-page.ts';
import { pageText } from '../../../src/cli/catalog/site/layout.ts';
import { ruleSitePage } from '../../../src/cli/catalog/site/rule-site-page.ts';
import { siteLinks } from '../../../src/cli/catalog/site/site-links.ts';
import { createStyle } from '../../../src/cli/output/style.ts';
import { markdownPage } from '../../../src/cli/pages/markdown-page.ts';
import { terminalPage } from '../../../src/cli/pages/terminal-page.ts';
import { kubernetesRules } from '../catalog/support/rules.ts';
import { readCorpus } from '../sigma/support/corpus.ts';
import { htmlSections, markdownSections, plainHtml, type ShownSections, terminalSections } from './shown-sections.ts';

const CRON_JOBS = 'kubernetes_audit_cronjob_modification.yml';
const RELATED = 'cd3a808c-c7b7-4c50-a2f3-f4cfcd436435';

/** A catalog of the public Kubernetes rules, and of the one that one of them names as related. */
const catalog = new RuleCatalog();
const rules = kubernetesRules();
for (const { path, text } of rules) catalog.add({ file: path, source: text });
const related = readCorpus().find(({ text }) => text.includes(`\nid: ${RELATED}\n`));
assert(related !== undefined);
catalog.add({ file: related.path, source: related.text });
const links = siteLinks(catalog, []);

function pageOf(key: string): CompiledRulePage {
  const page = catalog.page(key);
  assert(page?.kind === 'rule');
  return page;
}

function formats(page: CompiledRulePage): Readonly<Record<'terminal' | 'markdown' | 'html', string>> {
  return {
    terminal: terminalPage(rulePage(page), createStyle(false), 1000),
    markdown: markdownPage(rulePage(page)),
    html: pageText(ruleSitePage(page, 'rules/x.html', links), 'Catalog'),
  };
}

describe('the page of a rule', () => {
  it('says the same in the terminal, in Markdown and in HTML, for every public Kubernetes rule', () => {
    for (const { path } of rules) {
      const { terminal, markdown, html } = formats(pageOf(path));
      const shown = terminalSections(terminal);
      assert(shown.size >= 7, path);
      assert.deepEqual(entries(markdownSections(markdown)), entries(shown), path);
      assert.deepEqual(entries(htmlSections(html)), entries(shown), path);
    }
  });

  it('has every section for the CronJob/Job rule, in JSON and in all that is shown', () => {
    const page = pageOf(CRON_JOBS);
    assert.deepEqual(
      page.attack.tactics.map(({ tactic, techniques }) => [tactic.name, techniques]),
      [
        ['Execution', []],
        ['Persistence', []],
        ['Privilege Escalation', []],
      ],
    );
    const operations = page.events?.operations.map(formatOperation) ?? [];
    for (const verb of ['create', 'patch', 'update', 'delete'])
      for (const resource of ['cronjobs', 'jobs']) assert(operations.includes(`${verb} batch/${resource}`));
    assert.deepEqual(
      page.events?.impossibleVerbs.map(({ verb }) => verb),
      ['replace'],
    );
    assert.deepEqual(
      page.indicators.map(({ field, kind, values, otherRules }) => [field, kind, values, otherRules]),
      [
        ['objectRef.apiGroup', 'eq', ['batch'], othersWith('objectRef.apiGroup', ['batch'])],
        ['objectRef.resource', 'eq', ['cronjobs', 'jobs'], othersWith('objectRef.resource', ['cronjobs', 'jobs'])],
        ['verb', 'eq', ['create', 'delete', 'patch', 'replace', 'update'], VERB_COUNT],
      ],
    );
    assert.deepEqual(page.metadata.related, [
      { id: RELATED, type: 'similar', key: related.path, title: 'Google Cloud Kubernetes CronJob' },
    ]);

    const { terminal, markdown, html } = formats(page);
    for (const [format, text] of Object.entries({ terminal, markdown, html: plainHtml(html) })) {
      const squeezed = text.replaceAll(/[`*|\\]/g, ' ').replaceAll(/\s+/g, ' ');
      for (const part of [
        'Execution TA0002 no specific technique',
        'Persistence TA0003 no specific technique',
        'Privilege Escalation TA0004 no specific technique',
        'The verb replace is no verb of any request',
        'cronjobs.batch create, delete, patch, update Metadata',
        'jobs.batch create, delete, patch, update Metadata',
        'Google Cloud Kubernetes CronJob (similar, cd3a808c-c7b7-4c50-a2f3-f4cfcd436435)',
        'Kubernetes Potential Enumeration Activity',
        'condition: selection',
        'objectRef.apiGroup eq batch',
        'kelnage',
      ])
        assert(squeezed.includes(part), `${format}: ${part}`);
    }
    assert.match(terminal, /^ {2}verb +eq +create +3$/m);
    assert.match(markdown, /\| `verb` \| eq \| `create`<br>`delete`<br>`patch`<br>`replace`<br>`update` \| 3 \|/);
    assert.match(html, /data-label="Other rules"><div>3<\/div><\/td>/);
  });

  it('shows what an audit policy logs of each operation', () => {
    const rule = {
      level: 'None',
      users: [],
      userGroups: [],
      verbs: [],
      namespaces: [],
      nonResourceURLs: [],
      omitStages: [],
    } as const;
    const jobs = { ...rule, resources: [{ group: 'batch', resources: ['jobs'], resourceNames: [] }] };
    const rest = { ...rule, level: 'Metadata', resources: [] } as const;
    const page = catalog.page(CRON_JOBS, { omitStages: [], omitManagedFields: false, rules: [jobs, rest] });
    assert(page?.kind === 'rule');
    const { terminal } = formats(page);
    assert.match(terminal, /^ {2}cronjobs\.batch +create, delete, patch, update +Metadata +Metadata can match$/m);
    assert.match(terminal, /^ {2}jobs\.batch +create, delete, patch, update +Metadata +None cannot match$/m);
    assert.match(terminal, /Can fire\. Not logged as the rule needs it: create batch\/jobs/);
  });

  it('says of a broken rule why it is refused', () => {
    const broken = new RuleCatalog();
    const key = broken.add({ file: 'broken.yml', source: 'title: Broken\nlogsource: {}\ndetection: {}\n' });
    const page = broken.page(key);
    assert(page !== undefined);
    assert.match(
      terminalPage(rulePage(page), createStyle(false), 80),
      /The rule is refused.*\n\nERRORS\n {2}error \w+ in line 3/s,
    );
  });
});

/** Counted from the YAML, without the engine: how many other Kubernetes rules demand exactly these values of a field. */
function othersWith(field: string, values: readonly string[]): number {
  return rules.filter(({ path, text }) => path !== CRON_JOBS && demands(load(text), field, values)).length;
}

const VERB_COUNT = othersWith('verb', ['create', 'delete', 'patch', 'replace', 'update']);

function demands(document: unknown, field: string, values: readonly string[]): boolean {
  const detection: unknown = Reflect.get(Object(document), 'detection');
  return Object.values(Object(detection)).some((selection: unknown) => {
    const found: unknown = Reflect.get(Object(selection), field);
    const list: unknown[] = Array.isArray(found) ? found : [found];
    return JSON.stringify(list.map(String).toSorted()) === JSON.stringify(values.map(String).toSorted());
  });
}

function entries(sections: ShownSections): readonly (readonly [string, string])[] {
  return [...sections].map(([title, words]) => [title, words.join(' ')]);
}
