import assert from 'node:assert/strict';
import { type CompiledRulePage, type DetectionTree, RuleCatalog } from '../../../src/catalog/index.ts';
import { auditRuleText } from './support/rules.ts';

function pageOf(detection: string, logsource?: string): CompiledRulePage {
  const catalog = new RuleCatalog();
  const text = auditRuleText(detection);
  const key = catalog.add({
    source: logsource === undefined ? text : text.replace(/logsource: .*/, `logsource: ${logsource}`),
  });
  const page = catalog.page(key);
  assert(page?.kind === 'rule');
  return page;
}

describe('the indicators of a rule', () => {
  const rowsOf = (detection: string): readonly string[] =>
    pageOf(detection).indicators.map(
      ({ field, kind, values, all, excluded }) =>
        `${excluded ? 'not ' : ''}${field} ${kind}${all ? ' all' : ''} ${JSON.stringify(values)}`,
    );

  const cases = [
    ['one value', 's: {verb: get}\ncondition: s', ['verb eq ["get"]']],
    ['a list', 's: {verb: [get, list]}\ncondition: s', ['verb eq ["get","list"]']],
    [
      'kinds of comparison',
      's:\n  a|contains: x\n  b|startswith: x\n  c|endswith: x\n  d|re: x\n  e|cidr: 10.0.0.0/8\n  f|exists: true\n  g|lt: 3\n  h|fieldref: a\ncondition: s',
      [
        'a contains ["x"]',
        'b startswith ["x"]',
        'c endswith ["x"]',
        'd re ["x"]',
        'e cidr ["10.0.0.0/8"]',
        'f exists ["true"]',
        'g lt ["3"]',
        'h fieldref ["a"]',
      ],
    ],
    ['all', 's:\n  a|contains|all: [x, y]\ncondition: s', ['a contains all ["x","y"]']],
    ['keywords', 's: [foo, bar]\ncondition: s', [' keyword ["foo","bar"]']],
    [
      'mixed values of one line',
      's:\n  a: [x, "y*", "*z*", null, 3]\ncondition: s',
      ['a eq ["x","y*","*z*",null,"3"]'],
    ],
    [
      'wildcards that a modifier adds anyway',
      's:\n  a|startswith: ["x*", y]\ncondition: s',
      ['a startswith ["x","y"]'],
    ],
    ['any value', 's: {a: "*"}\ncondition: s', ['a eq ["*"]']],
    [
      'a mapped field under the name that events have',
      's: {apiGroup: batch}\ncondition: s',
      ['objectRef.apiGroup eq ["batch"]'],
    ],
    [
      'a field that is mapped to several under its own',
      's: {privileged: true}\ncondition: s',
      ['privileged eq ["true"]'],
    ],
    [
      'a mapped value apart from its line',
      's: {responseStatus.code: [ALLOW, 200]}\ncondition: s',
      ['responseStatus.code eq ["200"]', 'annotations.authorization.k8s.io/decision eq ["allow"]'],
    ],
    ['exclusions', 's: {a: x}\nf: {b: y}\ncondition: s and not f', ['a eq ["x"]', 'not b eq ["y"]']],
    ['the parity of negations', 's: {a: x}\nf: {b: y}\ncondition: not (s and not f)', ['not a eq ["x"]', 'b eq ["y"]']],
    ['neq as an exclusion', 's: {a|neq: x}\nf: {b|neq: y}\ncondition: s and not f', ['not a eq ["x"]', 'b eq ["y"]']],
    ['a combination that stands twice once', 's: {a: x}\nt: {a: X}\ncondition: s or t', ['a eq ["x"]']],
    [
      'a selection under both polarities twice',
      's: {a: x}\nt: {b: y}\ncondition: s or not s and t',
      ['a eq ["x"]', 'not a eq ["x"]', 'b eq ["y"]'],
    ],
    ['nothing of what the condition does not use', 's: {a: x}\nunused: {b: y}\ncondition: s', ['a eq ["x"]']],
  ] as const;
  for (const [what, detection, rows] of cases) it(`show ${what}`, () => assert.deepEqual(rowsOf(detection), rows));

  it('of elements of an array show the array', () => {
    const catalog = new RuleCatalog();
    const source = auditRuleText(
      's:\n  a.b[any].c: x\nf:\n  d[none]:\n    e: y\ncondition: s and not f',
      'sigma-version: 3\n',
    );
    const rows = catalog.indicatorsOf(catalog.add({ source }));
    assert.deepEqual(
      rows.map(({ field, excluded }) => ({ field, excluded })),
      [
        { field: 'a.b[any].c', excluded: false },
        { field: 'd[none].e', excluded: false },
      ],
    );
  });

  const rule = (detection: string): string =>
    auditRuleText(detection.includes('condition') ? detection : `${detection}\ncondition: s`);
  const same = [
    ['the order of values', 's: {a: [x, y]}', 's: {a: [y, x]}'],
    ['case', 's: {a|contains: X}', 's: {a|contains: x}'],
    ['a value that stands twice', 's: {a: [x, x]}', 's: {a: x}'],
    ['the place of all in the chain', 's: {a|contains|all: [x, y]}', 's: {a|all|contains: [y, x]}'],
    ['a mapped name', 's: {resource: jobs}', 's: {objectRef.resource: jobs}'],
    ['a number in quotes', 's: {a: 401}', 's: {a: "401"}'],
    ['aliases of modifiers', 's: {a|wide|base64offset|contains: x}', 's: {a|utf16le|base64offset|contains: x}'],
    ['neq in place of not', 's: {a|neq: x}', 's: {a: x}\nt: {b: y}\ncondition: t and not s'],
  ] as const;
  for (const [what, a, b] of same)
    it(`are the same whatever ${what}`, () => assert.equal(countBetween(rule(a), rule(b)), 1));

  const different = [
    ['the field', 's: {a: x}', 's: {b: x}'],
    ['the values', 's: {a: [x, y]}', 's: {a: x}'],
    ['the modifiers', 's: {a|contains: x}', 's: {a: x}'],
    ['any or all', 's: {a|contains|all: [x, y]}', 's: {a|contains: [x, y]}'],
    ['the case where it is cased', 's: {a|cased: X}', 's: {a|cased: x}'],
    ['whether it is cased', 's: {a|cased: x}', 's: {a: x}'],
    ['the case of a regular expression', 's: {a|re: "\\\\D"}', 's: {a|re: "\\\\d"}'],
    ['null and its name', 's: {a: null}', 's: {a: "null"}'],
    ['the polarity', 's: {a: x}', 's: {a: x}\nt: {b: y}\ncondition: t and not s'],
  ] as const;
  for (const [what, a, b] of different) it(`differ by ${what}`, () => assert.equal(countBetween(rule(a), rule(b)), 0));

  it('count rules of the same log source only', () => {
    const source = rule('s: {a: x}');
    assert.equal(countBetween(source, source.replace('service: audit', 'service: audit, category: application')), 1);
    assert.equal(countBetween(source, source.replace('service: audit', 'service: other')), 0);
    assert.equal(countBetween(source, source.replace('product: kubernetes', 'product: windows')), 0);
  });
});

/** How many other rules the catalog counts for the first indicator of a rule, beside another one. */
function countBetween(source: string, other: string): number | undefined {
  const catalog = new RuleCatalog();
  const key = catalog.add({ source });
  catalog.add({ source: other });
  return catalog.indicatorsOf(key)[0]?.otherRules;
}

describe('the stages and predicates of a rule', () => {
  it('are the condition and the selections that it names', () => {
    const { stages } = pageOf(
      'sel_a:\n  verb: get\n  objectRef.resource: [pods, nodes]\nsel_b:\n  - user.username: a\n  - user.username|startswith: b\nfilter: {userAgent|neq: x}\nunused: {a: b}\ncondition: >\n  1 of sel_*\n  and not filter',
    );
    assert.equal(stages.condition.text, '1 of sel_* and not filter');
    assert.equal(printed(stages.condition.tree), 'and(or(sel_a, sel_b), not(filter))');
    assert.deepEqual(
      stages.selections.map(({ name, line, tree, predicates }) => ({
        name,
        line,
        tree: printed(tree),
        predicates: predicates.length,
      })),
      [
        { name: 'sel_a', line: 4, tree: 'and(verb eq get, objectRef.resource eq pods|nodes)', predicates: 2 },
        { name: 'sel_b', line: 7, tree: 'or(user.username eq a, user.username startswith b)', predicates: 2 },
        { name: 'filter', line: 10, tree: 'not(userAgent eq x)', predicates: 1 },
      ],
    );
  });

  it('have the selections under each node of the condition', () => {
    const { tree } = pageOf('a: {x: 1}\nb: {x: 2}\nc: {x: 3}\ncondition: a or (b and not c)').stages.condition;
    assert.deepEqual(tree.selections, ['a', 'b', 'c']);
    assert('operands' in tree);
    assert.deepEqual(
      tree.operands.map(({ selections }) => selections),
      [['a'], ['b', 'c']],
    );
  });
});

function printed(tree: DetectionTree): string {
  switch (tree.kind) {
    case 'selection':
      return tree.name;
    case 'predicate':
      return `${tree.item.field} ${tree.item.kind} ${tree.item.values.join('|')}`;
    case 'constant':
      return String(tree.value);
    default:
      return `${tree.kind}(${tree.operands.map(printed).join(', ')})`;
  }
}
