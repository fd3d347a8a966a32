import assert from 'node:assert/strict';
import { explain, formatExplanation } from '../../../src/sigma/index.ts';
import { auditRuleOf, compiled } from './support/compiled.ts';
import { readKubernetesRule } from './support/corpus.ts';

function text(source: string, event: object, options: { readonly bodiesUnknown?: boolean } = {}): string {
  return formatExplanation(explain(compiled(source), event, options));
}

describe('explain', () => {
  it('says for each predicate what was demanded and found', () => {
    assert.equal(
      text(readKubernetesRule('cronjob_modification'), {
        verb: 'get',
        objectRef: { apiGroup: 'batch', resource: 'jobs' },
      }),
      [
        'no-match: Kubernetes CronJob/Job Modification',
        '  ✗ selection',
        '    ✗ all of',
        '      ✓ objectRef.apiGroup is "batch"; found "batch"',
        '      ✓ objectRef.resource is one of "cronjobs", "jobs"; found "jobs"',
        '      ✗ verb is one of "create", "delete", "patch", "replace", "update"; found "get"',
      ].join('\n'),
    );
  });

  it('says what a mapping made of a field, and what is unknown', () => {
    const source = auditRuleOf(
      "sel: { hostPath: '*', apiGroup: null, responseStatus.code: ALLOW }\ncondition: not sel",
    );
    assert.equal(
      text(source, { verb: 'create' }, { bodiesUnknown: true }),
      [
        'match: Test',
        '  ✓ not',
        '    ✗ sel',
        '      ✗ all of',
        '        ? hostPath has a value [mapped to requestObject.spec.volumes.hostPath, responseObject.spec.volumes.hostPath, requestObject.spec.volumes.hostPath.path, … (16 paths)]; found nothing (the body is unknown)',
        '        ✓ apiGroup is missing or null [mapped to objectRef.apiGroup]; found nothing',
        '        ✗ responseStatus.code is "allow" [mapped to annotations.authorization.k8s.io/decision]; found nothing',
      ].join('\n'),
    );
  });

  it('gives the same as data', () => {
    const { verdict, root } = explain(
      compiled(auditRuleOf('a: { verb: get }\nb: { verb: list }\ncondition: 1 of them')),
      { verb: 'list' },
    );
    assert.equal(verdict, 'match');
    assert.equal(root.kind, 'any');
    assert.deepEqual(
      root.children.map(({ kind, truth, text: name, line, children }) => ({
        kind,
        truth,
        name,
        line,
        found: children[0]?.found,
      })),
      [
        { kind: 'selection', truth: false, name: 'a', line: 6, found: '"list"' },
        { kind: 'selection', truth: true, name: 'b', line: 6, found: '"list"' },
      ],
    );
  });

  it('goes into the elements of an array selector', () => {
    const source = `sigma-version: 3\n${auditRuleOf('sel:\n  requestObject.c[any]: { p: true, u: 0 }\ncondition: sel')}`;
    assert.equal(
      text(source, { requestObject: { c: [{ p: true }, { p: true, u: 0 }] } }),
      [
        'match: Test',
        '  ✓ sel',
        '    ✓ any of the elements of requestObject.c; found 2 elements',
        '      ✗ element 0',
        '        ✗ all of',
        '          ✓ p is true; found true',
        '          ✗ u is 0; found nothing',
        '      ✓ element 1',
        '        ✓ all of',
        '          ✓ p is true; found true',
        '          ✓ u is 0; found 0',
      ].join('\n'),
    );
  });

  it('lays out each selection once', () => {
    const { root } = explain(compiled(auditRuleOf('a: { verb: get }\ncondition: a and not a')), {});
    assert.deepEqual([root.children[0]?.children.length, root.children[1]?.children[0]?.children.length], [1, 0]);
  });

  const matchers = [
    ["a: 'x*y?z'", 'a is like "x*y?z"'],
    ['a|contains|cased: X', 'a contains "X" (cased)'],
    ['a|startswith: x', 'a starts with "x"'],
    ['a|endswith: x', 'a ends with "x"'],
    ['a|re|i|m|s: x', 'a matches /x/ims'],
    ['a|cidr: 10.0.0.0/8', 'a is in 10.0.0.0/8'],
    ['a|gte: 5', 'a is ≥ 5'],
    ['a: 5', 'a is 5'],
    ['a: true', 'a is true'],
    ['a|exists: true', 'a exists'],
    ['a|exists: false', 'a does not exist'],
    ['a|hour|lt: 6', 'a has a hour that is < 6'],
    ['a|fieldref: b', 'a is the value of b'],
    ["'|contains': x", 'any value contains "x"'],
    [
      `a: [${Array.from({ length: 12 }, (_, i) => `x${i}`).join(', ')}]`,
      'a is one of "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", … (12 values)',
    ],
  ] as const;
  for (const [item, expected] of matchers) {
    it(`says of ${item.slice(0, 40)}: ${expected}`, () => {
      const { root } = explain(compiled(auditRuleOf(`sel:\n  ${item}\ncondition: sel`)), {});
      assert.equal(root.children[0]?.text, expected);
    });
  }

  it('shows no control characters and no long values', () => {
    const shown = text(auditRuleOf('sel: { userAgent: x }\ncondition: sel'), {
      userAgent: `\u001b[2J\u202e\u0085${'x'.repeat(10_000)}`,
    });
    // oxlint-disable-next-line no-control-regex -- they are what must not be there
    assert.doesNotMatch(shown, /[\u0000-\u0009\u001b\u0085\u202e]/);
    assert(shown.length < 500);
  });

  it('never shows what is in the body of a secret, a token review or a token request', () => {
    const events = [
      { objectRef: { resource: 'secrets' } },
      { objectRef: { resource: 'tokenreviews' } },
      { objectRef: { resource: 'serviceaccounts', subresource: 'token' } },
    ];
    const detections = [
      'sel: { requestObject.data.password: hunter2 }\ncondition: sel',
      'sel: { requestObject.data.password: other }\ncondition: sel',
      'sel: [hunter]\ncondition: sel',
      'sel:\n  requestObject.list[any]: { p: hunter2 }\ncondition: sel',
    ];
    for (const event of events) {
      for (const detection of detections) {
        const body = { requestObject: { data: { password: 'hunter2' }, list: [{ p: 'hunter2' }] } };
        const shown = text(`sigma-version: 3\n${auditRuleOf(detection)}`, { ...event, ...body });
        assert.doesNotMatch(shown.replace(/ (is|contains) "[^"]*"/g, ''), /hunter2/);
        assert.match(shown, /withheld/);
      }
    }
  });
});
