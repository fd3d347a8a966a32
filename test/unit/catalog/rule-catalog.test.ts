import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import {
  type CompiledRulePage,
  formatOperation,
  listActions,
  listIndicators,
  listRules,
  RuleCatalog,
  ruleSummary,
} from '../../../src/catalog/index.ts';
import { policyOf } from './support/policies.ts';
import { activeRules, auditRule, auditRuleText, kubernetesRules, kubernetesSubjects } from './support/rules.ts';

const CRONJOB_RULE = '0c9b3bda-41a6-4442-9345-356ae86343dc';
const GCP_SIBLING = 'cd3a808c-c7b7-4c50-a2f3-f4cfcd436435';

function catalogOf(rules: Iterable<{ readonly path: string; readonly text: string }>): RuleCatalog {
  // One public rule holds 295 kB of hashes.
  const catalog = new RuleCatalog({ limits: { maxSourceBytes: 512 * 1024 } });
  for (const { path, text } of rules) catalog.add({ file: path, source: text });
  return catalog;
}

function pageOf(catalog: RuleCatalog, text: string): CompiledRulePage {
  const [key = ''] = catalog.find(text);
  const page = catalog.page(key);
  assert(page?.kind === 'rule');
  return page;
}

describe('the page of the CronJob/Job rule', () => {
  const corpus = activeRules();
  const kubernetes = corpus.filter(({ path }) => path.includes('/kubernetes/'));
  const siblings = corpus.filter(({ path }) => path.endsWith('/gcp_kubernetes_cronjob.yml'));
  const catalog = catalogOf([...kubernetes, ...siblings]);
  const page = pageOf(catalog, CRONJOB_RULE);

  it('has what the rule says of itself, its sibling named', () => {
    const { metadata } = page;
    assert.equal(kubernetes.length, 16);
    assert.equal(page.title, 'Kubernetes CronJob/Job Modification');
    assert.equal(metadata.author, 'kelnage');
    assert.equal(metadata.severity, 'medium');
    assert.deepEqual(
      metadata.related.map(({ id, type, title }) => ({ id, type, title })),
      [{ id: GCP_SIBLING, type: 'similar', title: 'Google Cloud Kubernetes CronJob' }],
    );
    assert.deepEqual(
      pageOf(catalog, GCP_SIBLING).metadata.relatedFrom.map(({ id, type }) => ({ id, type })),
      [{ id: CRONJOB_RULE, type: 'similar' }],
    );
    assert.equal(page.source, kubernetesRules().find(({ path }) => path.includes('cronjob'))?.text);
  });

  it('has three tactics without a specific technique', () => {
    assert.deepEqual(
      page.attack.tactics.map(({ tactic, techniques }) => [tactic.name, techniques.length]),
      [
        ['Execution', 0],
        ['Persistence', 0],
        ['Privilege Escalation', 0],
      ],
    );
  });

  it('has create, patch, update and delete of CronJobs and Jobs; replace is flagged', () => {
    const watched = new Set(
      page.events?.operations.map(({ verb, apiGroup, resource }) => `${verb} ${apiGroup}/${resource}`),
    );
    const expected = ['create', 'delete', 'patch', 'update'].flatMap((verb) => [
      `${verb} batch/cronjobs`,
      `${verb} batch/jobs`,
    ]);
    assert.deepEqual([...watched].toSorted(), expected.toSorted());
    assert.deepEqual(
      page.events?.impossibleVerbs.map(({ verb }) => verb),
      ['replace'],
    );
  });

  it('has three indicators whose counts an independent count confirms', () => {
    assert.deepEqual(
      page.indicators.map(({ field, kind, values, otherRules }) => ({ field, kind, values, otherRules })),
      [
        {
          field: 'objectRef.apiGroup',
          kind: 'eq',
          values: ['batch'],
          otherRules: independentCount(kubernetes, 'objectRef.apiGroup', ['batch']),
        },
        {
          field: 'objectRef.resource',
          kind: 'eq',
          values: ['cronjobs', 'jobs'],
          otherRules: independentCount(kubernetes, 'objectRef.resource', ['cronjobs', 'jobs']),
        },
        {
          field: 'verb',
          kind: 'eq',
          values: ['create', 'delete', 'patch', 'replace', 'update'],
          otherRules: independentCount(kubernetes, 'verb', ['create', 'delete', 'patch', 'replace', 'update']),
        },
      ],
    );
    assert.deepEqual(
      page.indicators.map(({ otherRules }) => otherRules),
      [0, 0, 3],
    );
  });

  it('has its stages, and the rules that constrain no resource apart', () => {
    assert.equal(page.stages.condition.text, 'selection');
    assert.deepEqual(
      page.stages.selections.map(({ name, predicates }) => [name, predicates.length]),
      [['selection', 3]],
    );
    assert.deepEqual(page.sameAction?.rules, []);
    assert.deepEqual(
      page.sameAction?.unconstrained.map(({ title }) => title),
      ['Kubernetes Potential Enumeration Activity', 'Kubernetes Unauthorized or Unauthenticated Access'],
    );
  });

  it('says with an audit policy whether the rule can fire', () => {
    const [key = ''] = catalog.find(CRONJOB_RULE);
    const text =
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, resources: [{group: batch}]}, {level: Metadata}]\n';
    const given = catalog.page(key, policyOf(text));
    assert(given?.kind === 'rule');
    assert.equal(given.observability.reason, 'NeverLogged');
    assert.equal(page.observability.status, 'Unknown');
  });

  it('is plain data', () => {
    const copy: unknown = JSON.parse(JSON.stringify(page));
    assert.deepEqual(JSON.parse(JSON.stringify(structuredClone(page))), copy);
  });
});

/** How many rules beside one have a field with exactly these values, counted on the YAML alone: for rules whose only selection is a map. */
function independentCount(
  rules: readonly { readonly text: string }[],
  field: string,
  values: readonly string[],
): number {
  const names = [field, field.replace('objectRef.', '')];
  const wanted = JSON.stringify(values.toSorted());
  const having = rules.filter(({ text }) => {
    const { detection } = load(text) as { detection: Readonly<Record<string, unknown>> };
    return Object.values(detection).some((selection) => {
      if (typeof selection !== 'object' || selection === null) return false;
      return Object.entries(selection).some(([key, value]: [string, unknown]) => {
        const list = (Array.isArray(value) ? value : [value]).map((item: unknown) => String(item).toLowerCase());
        return names.includes(key) && JSON.stringify(list.toSorted()) === wanted;
      });
    });
  });
  return having.length - 1;
}

describe('the counts of indicators over all public rules', () => {
  it('are those of an independent count, for rules that are one map of plain values', function () {
    this.timeout(120_000);
    const simple = activeRules().flatMap(({ path, text }) => {
      const items = simpleItems(text);
      return items === undefined ? [] : [{ path, text, items }];
    });
    assert.ok(simple.length > 500);
    const holders = new Map<string, Set<string>>();
    for (const { path, items } of simple)
      for (const item of items) holders.set(item, (holders.get(item) ?? new Set()).add(path));
    const catalog = catalogOf(simple);
    for (const { path, items } of simple) {
      const expected = items.map((item) => (holders.get(item)?.size ?? 0) - 1);
      assert.deepEqual(
        catalog.indicatorsOf(path).map(({ otherRules }) => otherRules),
        expected,
        path,
      );
    }
  });
});

/** The lines of a rule whose condition is its only selection, a map of plain values with edge modifiers; each with its log source. */
function simpleItems(text: string): readonly string[] | undefined {
  const { detection, logsource } = load(text) as {
    detection: Readonly<Record<string, unknown>>;
    logsource: Readonly<Record<string, string>>;
  };
  const { condition, ...selections } = detection;
  const [[name, selection] = ['', undefined], ...others] = Object.entries(selections);
  if (
    others.length > 0 ||
    condition !== name ||
    typeof selection !== 'object' ||
    selection === null ||
    Array.isArray(selection)
  )
    return undefined;
  if (logsource.product === 'kubernetes') return undefined;
  const stream = JSON.stringify([logsource.category, logsource.product, logsource.service]);
  const items = new Set<string>();
  for (const [key, value] of Object.entries(selection) as readonly [string, unknown][]) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!/^[^|]+(\|(contains|startswith|endswith))?(\|all)?$/.test(key)) return undefined;
    if (!list.every((item) => typeof item === 'string' && !/[*?\\]/.test(item))) return undefined;
    const values = new Set(list.map((item) => String(item).toLowerCase()));
    items.add(JSON.stringify([stream, key, [...values].toSorted()]));
  }
  return [...items];
}

describe('rules with the same action', () => {
  const catalog = new RuleCatalog();
  const add = (name: string, detection: string): string =>
    catalog.add({ name, source: auditRuleText(detection).replace('title: Test', `title: ${name}`) });
  add('all', 's:\n  apiGroup: batch\n  resource: jobs\n  verb: [create, delete]\n  subresource: null\ncondition: s');
  add('half', 's:\n  resource: jobs\n  verb: create\n  subresource: null\ncondition: s');
  add('more', 's:\n  resource: [jobs, cronjobs]\n  verb: [create, delete]\n  subresource: null\ncondition: s');
  add('none', 's:\n  resource: nodes\n  verb: create\ncondition: s');
  add('anything', 's:\n  verb: create\ncondition: s');
  add('custom', 's:\n  apiGroup: argoproj.io\n  resource: applications\n  verb: [create, delete]\ncondition: s');
  add('custom half', 's:\n  apiGroup: argoproj.io\n  resource: applications\n  verb: create\ncondition: s');
  const sameAs = (name: string) => pageOf(catalog, name).sameAction;

  it('are ranked by how far they overlap, with what they add and lack', () => {
    const rows = sameAs('all')?.rules.map(({ key, overlap, shared, adds, lacks }) => ({
      key,
      overlap,
      shared: shared.map(formatOperation),
      adds: adds.map(formatOperation),
      lacks: lacks.map(formatOperation),
    }));
    assert.deepEqual(rows, [
      { key: 'half', overlap: 0.5, shared: ['create batch/jobs'], adds: [], lacks: ['delete batch/jobs'] },
      {
        key: 'more',
        overlap: 0.5,
        shared: ['create batch/jobs', 'delete batch/jobs'],
        adds: ['create batch/cronjobs', 'delete batch/cronjobs'],
        lacks: [],
      },
    ]);
  });

  it('have those that constrain no resource apart', () => {
    assert.deepEqual(
      sameAs('all')?.unconstrained.map(({ key }) => key),
      ['anything'],
    );
    assert.deepEqual(sameAs('anything')?.rules, []);
  });

  it('are found for resources that are not built in', () => {
    assert.deepEqual(
      sameAs('custom')?.rules.map(({ key, overlap }) => ({ key, overlap })),
      [{ key: 'custom half', overlap: 0.5 }],
    );
  });
});

describe('a catalog', () => {
  const text = auditRuleText(
    's: {verb: get, resource: pods}\ncondition: s',
    'id: 11111111-1111-4111-8111-111111111111\n',
  );
  const other = auditRuleText(
    's: {verb: get, resource: pods}\ncondition: s',
    'id: 22222222-2222-4222-8222-222222222222\n',
  );

  it('counts copies of a rule once, and not for each other', () => {
    const catalog = new RuleCatalog();
    const keys = [text, text, text.replace('title: Test', 'title: Copy'), other].map((source) =>
      catalog.add({ name: 'same', source }),
    );
    assert.deepEqual(keys, ['same', 'same (2)', 'same (3)', 'same (4)']);
    assert.deepEqual(
      catalog.indicatorsOf('same').map(({ otherRules }) => otherRules),
      [1, 1],
    );
    assert.deepEqual(
      catalog.indicatorsOf('same (4)').map(({ otherRules }) => otherRules),
      [1, 1],
    );
    assert.deepEqual(
      pageOf(catalog, 'same').sameAction?.rules.map(({ key }) => key),
      ['same (4)'],
    );
  });

  it('takes broken rules and rules without id', () => {
    const catalog = new RuleCatalog();
    const broken = catalog.add({ file: 'broken.yml', source: 'title: x\ndetection: 1\n' });
    const plain = catalog.add({ file: 'plain.yml', source: auditRuleText('s: {verb: get}\ncondition: s') });
    const page = catalog.page(broken);
    assert(page?.kind === 'broken');
    assert.deepEqual([page.title, page.errors.length > 0], ['broken.yml', true]);
    assert.equal(catalog.page(plain)?.kind, 'rule');
    assert.equal(catalog.page('none'), undefined);
    assert.deepEqual(
      listRules(catalog).map(({ key, isBroken }) => [key, isBroken]),
      [
        ['broken.yml', true],
        ['plain.yml', false],
      ],
    );
  });

  it('finds rules by key, id, name, file and title, in any case', () => {
    const catalog = new RuleCatalog();
    catalog.add({ name: 'one', file: 'a.yml', source: text });
    for (const wanted of ['one', 'ONE', 'A.yml', '11111111-1111-4111-8111-111111111111', 'test', ' Test '])
      assert.deepEqual(catalog.find(wanted), ['one'], wanted);
    assert.deepEqual(catalog.find('two'), []);
  });

  it('is after adding and removing what it is without', () => {
    const rules = kubernetesRules();
    const catalog = catalogOf(rules);
    const before = JSON.stringify(rules.map(({ path }) => catalog.page(path)));
    const key = catalog.add({ name: 'extra', source: text });
    assert.notEqual(JSON.stringify(rules.map(({ path }) => catalog.page(path))), before);
    assert.equal(catalog.remove(key), true);
    assert.equal(catalog.remove(key), false);
    assert.equal(JSON.stringify(rules.map(({ path }) => catalog.page(path))), before);
    assert.equal(catalog.size, rules.length);
  });

  it('uses the severity that was chosen', () => {
    const catalog = new RuleCatalog();
    catalog.add({ name: 'chosen', source: text, choices: { severity: 'critical' } });
    catalog.add({ name: 'unset', source: text });
    assert.deepEqual(
      ['chosen', 'unset'].map((name) => pageOf(catalog, name).metadata.severity),
      ['critical', 'medium'],
    );
  });

  it('lists rules, actions and indicators', () => {
    const catalog = catalogOf(kubernetesRules());
    const cronJobs = listRules(catalog).find(({ id }) => id === CRONJOB_RULE);
    assert.deepEqual(cronJobs?.verbs, ['create', 'delete', 'patch', 'update']);
    assert.deepEqual(cronJobs?.resources, ['cronjobs', 'cronjobs/status', 'jobs', 'jobs/status']);
    const pods = listActions(catalog).find(({ operation }) => formatOperation(operation) === 'create pods');
    assert.equal(pods?.rules.length, 3);
    const [mostCommon] = listIndicators(catalog, 'VERB');
    assert.deepEqual([mostCommon?.values, mostCommon?.rules.length], [['create'], 6]);
  });
});

describe('the summary of a rule', () => {
  const summaryOf = (key: string) => {
    const subject = kubernetesSubjects().find((found) => found.key === key);
    assert(subject !== undefined);
    return ruleSummary(subject.rule);
  };

  it('is short', () => {
    assert.deepEqual(summaryOf('cronjob_modification'), {
      attack: { tactics: ['Execution', 'Persistence', 'Privilege Escalation'], techniques: [] },
      watches: [
        'create, delete, patch, update cronjobs.batch, jobs.batch',
        'patch, update cronjobs.batch/status, jobs.batch/status',
      ],
      level: 'Metadata',
    });
    assert.deepEqual(summaryOf('hostpath_mount').level, 'Request');
    assert.deepEqual(summaryOf('pod_in_system_namespace').watches[0]?.endsWith('in kube-system'), true);
    assert.deepEqual(summaryOf('unauthorized_unauthenticated_actions').watches, [
      'any verb, any resource',
      'paths that are no resource',
    ]);
  });

  it('is bounded', () => {
    const verbs = 'create delete deletecollection get list patch update watch'.split(' ');
    const branches = Array.from(
      { length: 40 },
      (_, i) =>
        `s${i}:\n  apiGroup: g${i}.io\n  resource: ${'r'.repeat(60)}${i}\n  verb: [${verbs.slice(0, 1 + (i % 8)).join(', ')}]`,
    );
    const { watches } = ruleSummary(auditRule(`${branches.join('\n')}\ncondition: 1 of s*`));
    assert.ok(watches.length <= 16 && watches.every((text) => text.length <= 256));
  });

  it('says from which level on exclusions work', () => {
    const { level, wholeLevel } = ruleSummary(
      auditRule('s: {verb: create, resource: jobs}\nf: {hostPath: "*"}\ncondition: s and not f'),
    );
    assert.deepEqual({ level, wholeLevel }, { level: 'Metadata', wholeLevel: 'Request' });
  });
});
