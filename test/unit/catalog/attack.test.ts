import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import {
  ATTACK_RELEASE,
  attackCoverage,
  catalogLayer,
  catalogMatrix,
  currentTactics,
  currentTechniques,
  RuleCatalog,
} from '../../../src/catalog/index.ts';
import { NAVIGATOR_LAYER_SCHEMA } from './support/navigator-layer-schema.ts';
import { activeRules, auditRuleText } from './support/rules.ts';

describe('the ATT&CK coverage of a rule', () => {
  const cases = [
    [
      'tactics in the order of the matrix, without a specific technique',
      ['attack.privilege-escalation', 'attack.execution'],
      { Execution: [], 'Privilege Escalation': [] },
    ],
    [
      'techniques under each tagged tactic that they belong to',
      ['attack.execution', 'attack.persistence', 'attack.t1053.003', 'attack.t1609'],
      { Execution: ['T1053.003', 'T1609'], Persistence: ['T1053.003'] },
    ],
    [
      'tags in any case, tactics with underscores',
      ['ATTACK.Initial_Access', 'attack.T1078'],
      { 'Initial Access': ['T1078'] },
    ],
    ['a tag that stands twice once', ['attack.impact', 'attack.impact'], { Impact: [] }],
    [
      'a retired tactic with the techniques of its successors',
      ['attack.defense-evasion', 'attack.t1070', 'attack.t1685'],
      { 'Defense Evasion': ['T1070', 'T1685'] },
    ],
    [
      'a revoked technique under the tactics of its successor',
      ['attack.defense-impairment', 'attack.t1562.001'],
      { 'Defense Impairment': ['T1562.001'] },
    ],
  ] as const;
  for (const [what, tags, expected] of cases) {
    it(`has ${what}`, () => {
      const { tactics } = attackCoverage(tags);
      const found = tactics.map(({ tactic, techniques }) => [tactic.name, techniques.map(({ id }) => id)] as const);
      assert.deepEqual(found, Object.entries(expected));
    });
  }

  it('names the successors of what is retired', () => {
    const [covered] = attackCoverage(['attack.defense-evasion', 'attack.t1562.001']).tactics;
    assert.deepEqual(covered?.tactic.retired, { in: '19.0', successors: ['stealth', 'defense-impairment'] });
    assert.deepEqual(
      covered?.techniques.map(({ name, retired }) => ({ name, retired })),
      [{ name: 'Disable or Modify Tools', retired: { status: 'revoked', successor: 'T1685' } }],
    );
  });

  it('keeps techniques of tactics that are not tagged, other objects, and what nobody knows', () => {
    const { tactics, techniquesWithoutTactic, others, unknown } = attackCoverage([
      'attack.impact',
      'attack.t1609',
      'attack.g0016',
      'attack.s0154',
      'attack.t9999',
      'attack.no-such-tactic',
      'attack.constructor',
      'cve.2021-44228',
    ]);
    assert.deepEqual(
      tactics.map(({ tactic }) => tactic.id),
      ['TA0040'],
    );
    assert.deepEqual(
      techniquesWithoutTactic.map(({ name }) => name),
      ['Container Administration Command'],
    );
    assert.deepEqual(others, ['G0016', 'S0154']);
    assert.deepEqual(unknown, ['attack.t9999', 'attack.no-such-tactic', 'attack.constructor']);
  });

  it('knows every tag of the public rules', () => {
    const tags = activeRules().flatMap(
      ({ text }) => text.match(/^ +- (attack\.[^\s#]+)/gm)?.map((line) => line.trim().slice(2)) ?? [],
    );
    assert.ok(tags.length > 5000);
    assert.deepEqual([...new Set(attackCoverage(tags).unknown)], []);
  });
});

describe('the table of ATT&CK', () => {
  it('states its release and its source', () => {
    assert.equal(ATTACK_RELEASE.version, '19.2');
    assert.match(ATTACK_RELEASE.source, /mitre-attack/);
  });

  it('has only techniques of tactics that it has', () => {
    const names = new Set(currentTactics().map(({ shortName }) => shortName));
    assert.equal(names.size, 15);
    for (const { id, tactics } of currentTechniques()) {
      assert.ok(tactics.length > 0, id);
      for (const tactic of tactics) assert.ok(names.has(tactic), id);
    }
  });
});

describe('the ATT&CK matrix of a catalog', () => {
  const catalog = new RuleCatalog();
  const add = (name: string, ...tags: readonly string[]): string =>
    catalog.add({
      name,
      source: auditRuleText(
        's: {verb: get}\ncondition: s',
        `tags: [${tags.map((tag) => `attack.${tag}`).join(', ')}]\n`,
      ),
    });
  add('bare', 'execution');
  add('technique', 'execution', 'persistence', 't1053.003');
  add('untagged', 't1609');
  add('retired', 'defense-evasion', 't1562.001');
  add('odd', 'nonsense');
  catalog.add({ name: 'broken', source: 'title: x' });
  const matrix = catalogMatrix(catalog);
  const rulesOf = (tactic: string, id: string): readonly string[] | undefined =>
    matrix.tactics
      .find((column) => column.tactic.shortName === tactic)
      ?.techniques.find(({ technique }) => technique.id === id)?.rules;

  it('counts a rule under the tactics that it names, or else under all of the technique', () => {
    assert.deepEqual(rulesOf('execution', 'T1053.003'), ['technique']);
    assert.deepEqual(rulesOf('persistence', 'T1053.003'), ['technique']);
    assert.deepEqual(rulesOf('privilege-escalation', 'T1053.003'), []);
    assert.deepEqual(rulesOf('execution', 'T1609'), ['untagged']);
  });

  it('counts retired names for their successors', () => {
    assert.deepEqual(rulesOf('defense-impairment', 'T1685'), ['retired']);
  });

  it('has rules without technique and tags that nobody knows apart', () => {
    assert.deepEqual(
      matrix.tactics.flatMap(({ tactic, withoutTechnique }) =>
        withoutTechnique.map((key) => `${tactic.shortName} ${key}`),
      ),
      ['execution bare'],
    );
    assert.deepEqual(matrix.unknown, [{ tag: 'attack.nonsense', rules: ['odd'] }]);
  });

  it('is an ATT&CK Navigator layer of format 4.5', () => {
    const layer = catalogLayer(catalog, 'Coverage', 'A test');
    const validate = new Ajv({ strict: true }).compile(NAVIGATOR_LAYER_SCHEMA);
    assert.ok(validate(layer), JSON.stringify(validate.errors));
    assert.deepEqual(layer.versions, { attack: '19', navigator: '5.1.0', layer: '4.5' });
    assert.deepEqual(
      layer.techniques.map(({ techniqueID, tactic, score, comment }) => ({ techniqueID, tactic, score, comment })),
      [
        { techniqueID: 'T1053.003', tactic: 'execution', score: 1, comment: 'Test' },
        { techniqueID: 'T1609', tactic: 'execution', score: 1, comment: 'Test' },
        { techniqueID: 'T1053.003', tactic: 'persistence', score: 1, comment: 'Test' },
        { techniqueID: 'T1685', tactic: 'defense-impairment', score: 1, comment: 'Test' },
      ],
    );
  });

  it('is a valid layer for the public rules and for none', () => {
    const validate = new Ajv({ strict: true }).compile(NAVIGATOR_LAYER_SCHEMA);
    assert.ok(validate(catalogLayer(new RuleCatalog(), 'Nothing')), JSON.stringify(validate.errors));
  });
});
