import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileCollection, compileRule, compileRuleSet, type ResolvedReference } from '../../../../src/sigma/index.ts';
import { baseRule, correlationOf, refusedCollection, withRules } from './support.ts';

const COUNT = 'group-by: [g]\ntimespan: 1m\ncondition: { gte: 2 }';

function count(rule: string, head: string): string {
  return withRules(`type: event_count\nrules: [${rule}]\n${COUNT}`, [], head);
}

describe('references of correlations', () => {
  it('go by id in any case, or by name, wherever the documents stand', () => {
    const id = '0e95725d-7320-415d-80f7-004da920fc11';
    const byId = `${baseRule('a')}\nid: ${id}\n---\n${count(id.toUpperCase(), 'title: T')}`;
    assert.deepEqual(
      correlationOf(byId).sources.map(({ rule }) => rule.document.id),
      [id],
    );
  });

  it('make chains, with the correlations in the order in which they have to be fed', () => {
    const source = [
      withRules('type: temporal_ordered\nrules: [many, success]\ngroup-by: [user]\ntimespan: 10m', ['success']),
      count('failed', 'title: Many\nname: many'),
      baseRule('failed'),
    ].join('\n---\n');
    const { nodes, sources, key } = correlationOf(source, { name: 'brute-force' });
    assert.deepEqual(
      nodes.map((node) => [node.key, node.output, node.steps.map(({ rule }) => rule)]),
      [
        ['brute-force/many', false, ['brute-force/failed']],
        ['brute-force', true, ['brute-force/many', 'brute-force/success']],
      ],
    );
    assert.equal(key, 'brute-force');
    assert.deepEqual(
      sources.map((source) => [source.key, source.origin, source.output, source.fields.map(({ name }) => name)]),
      [
        ['brute-force/failed', 'inside', false, ['g', 'user']],
        ['brute-force/success', 'inside', false, ['user']],
      ],
    );
    assert.deepEqual(nodes[0]?.carried, ['user']);
  });

  it('give rules an output of their own where generate asks for it, directly below only', () => {
    const chain = [
      withRules(
        'type: event_count\nrules: [many]\ngroup-by: [g]\ntimespan: 10m\ncondition: { gte: 3 }',
        [],
        'title: T\ngenerate: true',
      ),
      count('a', 'title: Many\nname: many'),
      baseRule('a'),
    ].join('\n---\n');
    const { nodes, sources } = correlationOf(chain);
    assert.deepEqual(
      nodes.map(({ output }) => output),
      [true, true],
    );
    assert.deepEqual(
      sources.map(({ output }) => output),
      [false],
    );
  });

  it('are met by the resolver where the source has no such rule', () => {
    const rule = compileCollection(baseRule('other'));
    assert(rule.ok && rule.kind === 'rule');
    const asked: string[] = [];
    const resolve = (reference: string): ResolvedReference => {
      asked.push(reference);
      return { kind: 'rule', name: 'outer-rule', rule: rule.rule };
    };
    const source = withRules('type: temporal\nrules: [a, other]\ngroup-by: [g]\ntimespan: 1m', ['a']);
    const result = compileCollection(source, { name: 'me', resolve });
    assert(result.ok && result.kind === 'correlation');
    assert.deepEqual(asked, ['other']);
    assert.deepEqual(result.references, ['other']);
    assert.deepEqual(result.correlation.takenFrom, ['outer-rule']);
    assert.deepEqual(
      result.correlation.sources.map(({ key, origin }) => [key, origin]),
      [
        ['me/a', 'inside'],
        ['outer-rule', 'elsewhere'],
      ],
    );
  });

  it('say what is missing without the resolver, and keep the list of it', () => {
    const result = compileCollection(
      withRules('type: temporal\nrules: [a, other]\ngroup-by: [g]\ntimespan: 1m', ['a']),
    );
    assert(!result.ok);
    assert.deepEqual(
      [result.errors.map(({ code, line }) => [code, line]), result.references],
      [[['UnresolvedReference', 4]], ['other']],
    );
  });

  it('need one root', () => {
    assert.equal(refusedCollection([baseRule('a'), baseRule('b')].join('\n---\n'))[0]?.code, 'MultipleRoots');
    assert.equal(
      refusedCollection(`${count('a', 'title: T')}\n---\n${baseRule('a')}\n---\n${baseRule('b')}`)[0]?.code,
      'MultipleRoots',
    );
    const filter = 'title: F\nlogsource: { category: test }\nfilter: { rules: any, s: { a: b }, condition: not s }';
    assert.equal(refusedCollection(`${baseRule('a')}\n---\n${filter}`)[0]?.code, 'UnsupportedDocument');
  });

  it('are no cycle', () => {
    const two = [count('y', 'title: X\nname: x'), count('x', 'title: Y\nname: y')].join('\n---\n');
    assert.equal(refusedCollection(two)[0]?.code, 'CyclicReference');
    assert.equal(refusedCollection(count('x', 'title: X\nname: x'))[0]?.code, 'CyclicReference');
  });

  it('are no rule twice under two names', () => {
    const id = '0e95725d-7320-415d-80f7-004da920fc11';
    const source = `${withRules(`type: temporal\nrules: [a, ${id}]\ngroup-by: [g]\ntimespan: 1m`, ['a'])}\nid: ${id}`;
    assert.equal(refusedCollection(source)[0]?.code, 'DuplicateReference');
  });
});

describe('a set of rules', () => {
  it('refers to rules that were compiled before in the same ways', () => {
    const id = '0e95725d-7320-415d-80f7-004da920fc11';
    const compiled = new Map(
      ['first', 'second'].map((name) => {
        const result = compileRule(`${baseRule(name)}\nid: ${name === 'first' ? id : 'x'}`);
        assert(result.ok);
        return [`file-${name}`, result.rule];
      }),
    );
    for (const reference of [id.toUpperCase(), 'first', 'file-first']) {
      const result = compileRuleSet(new Map([['outer', count(reference, 'title: T')]]), { compiled }).get('outer');
      assert(result?.ok && result.kind === 'correlation');
      assert.equal(result.correlation.sources[0]?.rule, compiled.get('file-first'));
      assert.deepEqual(result.correlation.takenFrom, ['file-first']);
    }
    const own = new Map([
      ['outer', count('first', 'title: T')],
      ['mine', baseRule('first')],
    ]);
    assert.equal(compileRuleSet(own, { compiled }).get('outer')?.ok, false);
  });

  it('refers across sources by id, by name, and by the name of the source, in any order', () => {
    const results = compileRuleSet(
      new Map([
        [
          'outer',
          withRules('type: event_count\nrules: [inner]\ngroup-by: [g]\ntimespan: 1h\ncondition: { gte: 3 }', []),
        ],
        ['inner', count('base', 'title: Inner')],
        ['renamed', baseRule('base')],
      ]),
    );
    const outer = results.get('outer');
    assert(outer?.ok && outer.kind === 'correlation');
    assert.deepEqual(outer.correlation.takenFrom, ['inner', 'renamed']);
    assert.deepEqual(
      outer.correlation.nodes.map(({ key, output }) => [key, output]),
      [
        ['inner', false],
        ['outer', true],
      ],
    );
    assert.deepEqual(
      outer.correlation.sources.map(({ key, origin }) => [key, origin]),
      [['renamed', 'elsewhere']],
    );
  });

  it('refuses only those that refer to something missing, ambiguous, cyclic or refused', () => {
    const results = compileRuleSet(
      new Map([
        ['good', baseRule('good')],
        ['twin-1', baseRule('twin')],
        ['twin-2', baseRule('twin')],
        ['broken', 'title: [\n'],
        ['missing-one', count('nowhere', 'title: T')],
        ['ambiguous', count('twin', 'title: T')],
        ['on-broken', count('broken', 'title: T')],
        ['x', count('y', 'title: X')],
        ['y', count('x', 'title: Y')],
        ['fine', count('good', 'title: T')],
      ]),
    );
    const codes = Object.fromEntries(
      [...results].map(([name, result]) => [name, result.ok ? 'ok' : result.errors[0]?.code]),
    );
    assert.deepEqual(codes, {
      good: 'ok',
      'twin-1': 'ok',
      'twin-2': 'ok',
      broken: 'InvalidYaml',
      'missing-one': 'UnresolvedReference',
      ambiguous: 'AmbiguousReference',
      'on-broken': 'UnresolvedReference',
      x: 'UnresolvedReference',
      y: 'CyclicReference',
      fine: 'ok',
    });
  });

  it('never crashes, whatever refers to what', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const source = fc.oneof(
      fc.constant(baseRule('a')),
      fc
        .subarray([...names, 'z'], { minLength: 1 })
        .map((rules) => withRules(`type: temporal\nrules: [${rules.join(', ')}]\ngroup-by: [g]\ntimespan: 1m`, [])),
    );
    fc.assert(
      fc.property(fc.tuple(...names.map(() => source)), (texts) => {
        const results = compileRuleSet(new Map(names.map((name, index) => [name, texts[index] ?? ''])));
        assert.equal(results.size, names.length);
      }),
    );
  });

  it('refuses a chain that is too long instead of running out of stack', () => {
    const chain = Array.from({ length: 300 }, (_, i) => [`r${i}`, count(`r${i + 1}`, 'title: T')] as const);
    const results = compileRuleSet(new Map([...chain, ['r300', baseRule('r300')]]));
    const first = results.get('r0');
    assert(first !== undefined && !first.ok);
  });
});
