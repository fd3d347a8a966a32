import assert from 'node:assert/strict';
import { compileRule } from '../../../src/sigma/index.ts';
import { appliesToKubernetesAudit } from '../../../src/sigma/logsource.ts';
import { readDocuments } from '../../../src/sigma/read-documents.ts';
import { toPlainValue } from '../../../src/sigma/yaml/tree.ts';
import { compiled, refused, ruleOf } from './support/compiled.ts';

const DETECTION = 'detection: { s: { a: b }, condition: s }\n';
const HEAD = 'title: Test\nlogsource: { product: p }\n';

/** Documents as plain data, keys sorted by JSON. */
function documentsOf(source: string): unknown {
  const { documents, sink } = readDocuments(source);
  assert.deepEqual(sink.errors, []);
  const plain: unknown = JSON.parse(JSON.stringify(documents.map(({ kind, root }) => [kind, toPlainValue(root)])));
  return plain;
}

describe('rule documents', () => {
  it('keep every attribute of the specification', () => {
    const { document } = compiled(
      `title: T\nid: 0c9b3bda-41a6-4442-9345-356ae86343dc\nname: n\nrelated:\n  - id: x\n    type: derived\ntaxonomy: sigma\nstatus: test\n` +
        `description: |\n  Two\n  lines\nlicense: MIT\nauthor: A, B\nreferences: [https://a, https://b]\ndate: 2024-01-02\nmodified: 2024-01-03\n` +
        `fields: [f]\nfalsepositives: [none]\nscope: [s]\nlevel: High\ntags: [attack.t1053]\nsigma-version: 2.1.0\nours: { x: [1, yes] }\n` +
        `logsource: { category: c, product: p, service: s, definition: d, extra: e }\n${DETECTION}`,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(document)), {
      title: 'T',
      id: '0c9b3bda-41a6-4442-9345-356ae86343dc',
      name: 'n',
      related: [{ id: 'x', type: 'derived' }],
      taxonomy: 'sigma',
      status: 'test',
      description: 'Two\nlines\n',
      license: 'MIT',
      author: 'A, B',
      references: ['https://a', 'https://b'],
      date: '2024-01-02',
      modified: '2024-01-03',
      logsource: { category: 'c', product: 'p', service: 's', definition: 'd', custom: { extra: 'e' } },
      fields: ['f'],
      falsepositives: ['none'],
      scope: ['s'],
      level: 'high',
      tags: ['attack.t1053'],
      sigmaVersion: 2,
      custom: { ours: { x: [1, 'yes'] } },
    });
  });

  it('are frozen, plans to the last value', () => {
    const rule = compiled(ruleOf('s: { a: [b, "c*d*"] }\ncondition: s'));
    const check = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      assert(Object.isFrozen(value));
      for (const inner of Object.values(value)) check(inner);
    };
    check(rule);
    assert.deepEqual(structuredClone(rule.plan), rule.plan);
    assert.deepEqual(JSON.parse(JSON.stringify(rule.plan)), rule.plan);
  });

  const unusual = [
    'id: 5',
    'date: 2024/01/02',
    'status: new',
    'references: { a: b }',
    'related: x',
    'taxonomy: ecs',
    'description: [a]',
    'sigma-version: next',
  ];
  for (const attribute of unusual) {
    it(`compile with a finding for ${attribute}`, () => {
      const result = compileRule(`${HEAD}${attribute}\n${DETECTION}`);
      assert(result.ok);
      assert.deepEqual(
        result.findings.map(({ code }) => code),
        ['UnusualField'],
      );
    });
  }

  const unusable = [
    ['title', `logsource: { product: p }\n${DETECTION}`, 'MissingField'],
    ['logsource', `title: T\n${DETECTION}`, 'MissingField'],
    ['detection', HEAD, 'MissingField'],
    ['detection.condition', `${HEAD}detection: { s: { a: b } }\n`, 'MissingField'],
    ['level', `${HEAD}${DETECTION}level: hihg\n`, 'UnknownLevel'],
    ['logsource', `title: T\nlogsource: [a]\n${DETECTION}`, 'InvalidField'],
    ['detection', `${HEAD}detection: [a]\n`, 'InvalidField'],
  ] as const;
  for (const [path, source, code] of unusable) {
    it(`are refused with ${code} for ${path}`, () => {
      assert.deepEqual(
        refused(source).map((e) => [e.code, e.path]),
        [[code, path]],
      );
    });
  }

  it('report several errors at once', () => {
    const errors = refused(`${HEAD}detection:\n  s: { a|x: b, c|lt: d }\n  t: {}\n  condition: s and u\n`);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['UnknownModifier', 'ModifierNotApplicable', 'EmptySelection', 'UnknownIdentifier'],
    );
  });
});

describe('sources of several documents', () => {
  it('are classified', () => {
    assert.deepEqual(
      documentsOf('title: a\ndetection: {}\n---\ntitle: b\ncorrelation: {}\n---\ntitle: c\nfilter: {}\n'),
      [
        ['detection', { title: 'a', detection: {} }],
        ['correlation', { title: 'b', correlation: {} }],
        ['filter', { title: 'c', filter: {} }],
      ],
    );
  });

  it('have action: global merged into later documents, until reset', () => {
    assert.deepEqual(
      documentsOf(
        'action: global\ntitle: a\nx: { y: 1 }\n---\nx: { z: 2 }\n---\nx: { y: 3 }\n---\naction: reset\n---\ntitle: b\n',
      ),
      [
        ['detection', { title: 'a', x: { y: 1, z: 2 } }],
        ['detection', { title: 'a', x: { y: 3 } }],
        ['detection', { title: 'b' }],
      ],
    );
  });

  it('have action: repeat laid over the document before', () => {
    assert.deepEqual(documentsOf('title: a\nx: { y: 1 }\n---\naction: repeat\nx: { z: 2 }\n'), [
      ['detection', { title: 'a', x: { y: 1 } }],
      ['detection', { title: 'a', x: { y: 1, z: 2 } }],
    ]);
  });

  it('are refused as one rule, a single correlation or filter too', () => {
    assert.deepEqual(
      refused(`${HEAD}${DETECTION}---\n${HEAD}${DETECTION}`).map((e) => [e.code, e.line]),
      [['MultipleRoots', 5]],
    );
    assert.deepEqual(
      refused('title: a\ncorrelation: {}\n').map((e) => e.code),
      ['UnsupportedDocument'],
    );
    assert.deepEqual(
      refused('title: a\nfilter: {}\n').map((e) => e.code),
      ['UnsupportedDocument'],
    );
  });

  it('may be one rule behind action: global', () => {
    assert.equal(compiled(`action: global\n${HEAD}---\n${DETECTION}`).document.title, 'Test');
  });
});

describe('logsource routing', () => {
  const cases = [
    [{ product: 'kubernetes', service: 'audit' }, true],
    [{ category: 'application', product: 'kubernetes', service: 'audit' }, true],
    [{ product: 'Kubernetes' }, true],
    [{ category: 'process_creation', product: 'kubernetes', service: 'audit' }, false],
    [{ product: 'kubernetes', service: 'kubelet' }, false],
    [{ category: 'application' }, false],
    [{ service: 'audit' }, false],
    [{ product: 'gcp', service: 'gcp.audit' }, false],
    [{}, false],
  ] as const;
  for (const [logsource, applies] of cases) {
    it(`${JSON.stringify(logsource)} ${applies ? 'is' : 'is not'} kubernetes/audit`, () => {
      assert.equal(appliesToKubernetesAudit({ ...logsource, custom: {} }), applies);
    });
  }
});
