import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type {
  ActionListing,
  AttackMatrix,
  IndicatorListing,
  RuleListing,
  RulePage,
} from '../../../src/catalog/index.ts';
import { runActions } from '../../../src/cli/catalog/run-actions.ts';
import { runAttack } from '../../../src/cli/catalog/run-attack.ts';
import { runIndicators } from '../../../src/cli/catalog/run-indicators.ts';
import { type ListOptions, runList } from '../../../src/cli/catalog/run-list.ts';
import { runShow, type ShowOptions } from '../../../src/cli/catalog/run-show.ts';
import { type CoverageOptions, runCoverage } from '../../../src/cli/coverage/run-coverage.ts';
import type { PageFormat } from '../../../src/cli/pages/page-format.ts';
import { NAVIGATOR_LAYER_SCHEMA } from '../catalog/support/navigator-layer-schema.ts';
import { SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const RULES = join(import.meta.dirname, '../../data/sigma/kubernetes-rules');
const KUBERNETES = { rules: [RULES], cluster: false } as const;
const ALL = { level: [], status: [], tactic: [], resource: [], verb: [], product: [] };

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(action: (terminal: ReturnType<typeof testTerminal>) => Promise<number>): Promise<Ran> {
  const terminal = testTerminal();
  const status = await action(terminal);
  return { status, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

describe('catalog show', () => {
  const folder = testFolder();
  const show = (options: Partial<ShowOptions> & { readonly rule: string }): Promise<Ran> =>
    run((terminal) => runShow({ ...KUBERNETES, format: 'pretty', ...options }, terminal));

  it('finds a rule by id, title, name or file', async () => {
    folder.write({
      'manifest.yaml': `apiVersion: detection.sigma-operator.dev/v1alpha1\nkind: DetectionRule\nmetadata: { name: secret-reads }\nspec:\n  severity: critical\n  sigma: |\n${SECRETS_RULE.replaceAll(/^/gm, '    ')}\n`,
    });
    const rules = [RULES, folder.path];
    for (const rule of [
      'secret-reads',
      'SECRET READ',
      '5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d',
      join(folder.path, 'manifest.yaml'),
    ]) {
      const { status, stdout } = await show({ rules, rule });
      assert.equal(status, 0);
      assert.match(stdout, /^Secret read\ncritical · kubernetes \/ audit\n/, rule);
      assert.match(stdout, /Severity +critical \(the rule's own level: high\)/);
    }
  });

  it('counts a file that is named together with the rules', async () => {
    folder.write({ 'mine.yml': SECRETS_RULE.replace('verb: get', 'verb: list') });
    const { stdout } = await show({ rule: join(folder.path, 'mine.yml') });
    assert.match(stdout, /Kubernetes Secrets Enumeration +100 %/);
  });

  it('says which rule may be meant, and which of several', async () => {
    await assert.rejects(show({ rule: 'secrets enumeration' }), {
      code: 'UnknownRule',
      message: /Did you mean "Kubernetes Secrets Enumeration"\?/,
    });
    folder.write({ 'a.yml': SECRETS_RULE, 'b.yml': SECRETS_RULE.replace('5f1e', '5f1f') });
    await assert.rejects(show({ rules: [folder.path], rule: 'Secret read' }), { code: 'AmbiguousRule' });
  });

  it('prints the page as data, and as Markdown', async () => {
    const rule = 'Kubernetes CronJob/Job Modification';
    const page: RulePage = JSON.parse((await show({ rule, format: 'json' })).stdout);
    assert.equal(page.kind, 'rule');
    assert.match(
      (await show({ rule, format: 'markdown' })).stdout,
      /^# Kubernetes CronJob\/Job Modification\n\nmedium/,
    );
  });

  it('shows a refused rule, with exit status 1', async () => {
    folder.write({ 'broken.yml': SECRETS_RULE.replace('condition: selection', 'condition: selektion') });
    const { status, stdout } = await show({ rule: join(folder.path, 'broken.yml') });
    assert.equal(status, 1);
    assert.match(stdout, /UnknownIdentifier in line 11/);
  });

  it('refuses a policy that kube-apiserver would refuse, with the place', async () => {
    folder.write({ 'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: Everything\n' });
    const policy = join(folder.path, 'policy.yaml');
    await assert.rejects(show({ rule: 'x', policy }), { code: 'InvalidPolicy', place: `${policy}:4:12` });
  });

  it('lets placeholders stand for themselves', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE.replace('verb: get', "user.username|expand: '%admins%'") });
    const { stdout, stderr } = await show({ rule: join(folder.path, 'rule.yml') });
    assert.match(stdout, /user\.username +eq \(expand\) +%admins%/);
    assert.equal(stderr, '');
  });
});

describe('catalog list', () => {
  const list = async (options: Partial<ListOptions>): Promise<readonly string[]> => {
    const ran = await run((terminal) =>
      runList({ ...KUBERNETES, ...ALL, sort: 'title', format: 'json', ...options }, terminal),
    );
    const rules: readonly RuleListing[] = JSON.parse(ran.stdout);
    return rules.map(({ title }) => title);
  };

  const cases: readonly { readonly options: Partial<ListOptions>; readonly count: number; readonly first: string }[] = [
    { options: {}, count: 16, first: 'Container With A hostPath Mount Created' },
    { options: { level: ['medium'] }, count: 9, first: 'Creation Of Pod In System Namespace' },
    { options: { status: ['experimental'] }, count: 1, first: 'Kubernetes Potential Enumeration Activity' },
    { options: { tactic: ['credential_access'] }, count: 3, first: 'Kubernetes Admission Controller Modification' },
    { options: { tactic: ['ta0006'] }, count: 3, first: 'Kubernetes Admission Controller Modification' },
    { options: { tactic: ['Defense Evasion'] }, count: 0, first: '' },
    { options: { tactic: ['t1552'] }, count: 2, first: 'Kubernetes Admission Controller Modification' },
    { options: { resource: ['secrets'] }, count: 2, first: 'Kubernetes Secrets Enumeration' },
    {
      options: { resource: ['secrets', 'cronjobs'], verb: ['delete'] },
      count: 2,
      first: 'Kubernetes CronJob/Job Modification',
    },
    { options: { product: ['windows'] }, count: 0, first: '' },
    { options: { sort: 'level' }, count: 16, first: 'Creation Of Pod In System Namespace' },
    { options: { sort: 'source' }, count: 16, first: 'Kubernetes Admission Controller Modification' },
  ];
  for (const { options, count, first } of cases) {
    it(`lists ${count} rules under ${JSON.stringify(options)}`, async () => {
      const titles = await list(options);
      assert.deepEqual([titles.length, titles[0] ?? ''], [count, first]);
    });
  }

  it('says that no rule passes', async () => {
    const { stdout } = await run((terminal) =>
      runList({ ...KUBERNETES, ...ALL, sort: 'title', format: 'pretty', level: ['critical'] }, terminal),
    );
    assert.match(stdout, /^Rules\n0 of 16 rules\n\nRULES\n {2}No rule passes the filters\.\n$/);
  });

  it('refuses tactics that there are not', async () => {
    await assert.rejects(list({ tactic: ['persistance'] }), { code: 'UnknownTactic' });
  });

  it('lists the rules that come with the program where none are given', async () => {
    assert.deepEqual(await list({ rules: [] }), ['Kubernetes CronJob/Job Modification']);
  });
});

describe('catalog actions, indicators, attack', () => {
  const options = (format: PageFormat): { readonly format: PageFormat } & typeof KUBERNETES => ({
    ...KUBERNETES,
    format,
  });

  it('list the watched operations', async () => {
    const { stdout } = await run((terminal) => runActions(options('pretty'), terminal));
    assert.match(
      stdout,
      /\nBATCH\n {2}RESOURCE .*\n {2}cronjobs\.batch +create, delete, patch, update +Kubernetes CronJob/,
    );
    const json: readonly ActionListing[] = JSON.parse(
      (await run((terminal) => runActions(options('json'), terminal))).stdout,
    );
    assert.equal(json.length, 49);
  });

  it('list what rules look for, on one field and from a number of rules on', async () => {
    const ran = await run((terminal) => runIndicators({ ...options('json'), field: 'VERB', atLeast: 2 }, terminal));
    const found: readonly IndicatorListing[] = JSON.parse(ran.stdout);
    assert.deepEqual(
      found.map(({ values, rules }) => [values.join(), rules.length]),
      [
        ['create', 6],
        ['create,delete,patch,replace,update', 4],
        ['delete', 2],
      ],
    );
    const { stdout } = await run((terminal) =>
      runIndicators({ ...options('pretty'), field: 'nothing', atLeast: 1 }, terminal),
    );
    assert.match(stdout, /No rule looks at that field\./);
  });

  it('show the matrix, and the gaps where they are asked for', async () => {
    const attack = (gaps: boolean, format: PageFormat): Promise<Ran> =>
      run((terminal) => runAttack({ ...options(format), gaps }, terminal));
    const { stdout } = await attack(false, 'pretty');
    assert.match(stdout, /T1552\.007 Container API +2 /);
    assert.doesNotMatch(stdout, /T1595/);
    assert.match((await attack(true, 'pretty')).stdout, /Without rules\n\n.*T1595 Active Scanning/s);
    const matrix: AttackMatrix = JSON.parse((await attack(false, 'json')).stdout);
    assert.equal(matrix.tactics.length, 15);
  });
});

describe('coverage', () => {
  const folder = testFolder();
  const coverage = (options: Partial<CoverageOptions>): Promise<Ran> =>
    run((terminal) => runCoverage({ ...KUBERNETES, format: 'pretty', name: 'Staging', ...options }, terminal));

  it('says how much is covered', async () => {
    assert.match((await coverage({})).stdout, /12 of \d+ techniques and sub-techniques of ATT&CK 19/);
  });

  it('writes a layer as the published format has it', async () => {
    const { stdout } = await coverage({ navigator: '-' });
    const layer: {
      readonly name: string;
      readonly gradient: { readonly minValue: number; readonly maxValue: number };
    } = JSON.parse(stdout);
    const validate = new Ajv({ strict: true }).compile(NAVIGATOR_LAYER_SCHEMA);
    assert(validate(layer), JSON.stringify(validate.errors));
    assert.equal(layer.name, 'Staging');
    assert(layer.gradient.maxValue > layer.gradient.minValue);
    await assert.rejects(coverage({ navigator: join(folder.path, 'no/such/folder.json') }), {
      code: 'UnwritableOutput',
    });
  });
});
