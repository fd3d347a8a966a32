import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { evaluate, explain } from '../../../src/sigma/index.ts';
import { compiled, ruleOf } from './support/compiled.ts';
import { HOSTILE_SOURCES } from './support/hostile-sources.ts';

/** Compiling takes no more than this for each source, garbage apart. */
const MAX_HEAP_MB = 100;

describe('hostile rules', function () {
  this.timeout(60_000);
  let outcomes: Readonly<Record<string, string>> = {};
  before(async () => {
    const worker = new Worker(new URL('support/hostile-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 32 },
    });
    const [message]: readonly Record<string, string>[] = await once(worker, 'message');
    outcomes = message ?? {};
    await worker.terminate();
  });

  for (const [title, [, outcome]] of Object.entries(HOSTILE_SOURCES)) {
    it(`${title}: ${outcome}`, () => assert.equal(outcomes[title], outcome));
  }
});

const DEEP = 200_000;
const EVENTS: Readonly<Record<string, () => object>> = {
  'deep arrays': () => JSON.parse(`{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`) as object,
  'deep objects': () => JSON.parse(`${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`) as object,
  'a wide array': () => ({
    a: Array.from({ length: DEEP }, (_, i) => i),
    b: Array.from({ length: DEEP }, (_, i) => `b${i}`),
  }),
  'a wide object': () => ({ a: Object.fromEntries(Array.from({ length: DEEP }, (_, i) => [`k${i}`, i])) }),
  'an array of arrays of objects': () => ({ a: Array.from({ length: 50_000 }, () => ({ b: [{ c: 1 }, { c: 2 }] })) }),
  'a long text of one letter': () => ({ a: 'a'.repeat(1_000_000), b: 'a'.repeat(500_000) }),
};
const RULES: Readonly<Record<string, string>> = {
  'a keyword': 'sel: [foo]\ncondition: sel',
  'a nested field': 'sel: { a.a.a.a.b: x }\ncondition: not sel',
  'a pattern': "sel: { a: '*b*c?d*e*' }\ncondition: sel",
  'a regular expression': "sel: { a|re: '(a+)+$b' }\ncondition: sel",
  null: 'sel: { a: null }\ncondition: sel',
  'array selectors': 'sel:\n  a[any]:\n    b[all]:\n      c: 1\ncondition: sel',
  'a comparison of two fields': 'sel: { a|fieldref|contains: b }\ncondition: sel',
};

describe('hostile events', function () {
  this.timeout(60_000);
  for (const [eventTitle, make] of Object.entries(EVENTS)) {
    for (const [ruleTitle, detection] of Object.entries(RULES)) {
      it(`${ruleTitle} takes ${eventTitle}`, () => {
        const rule = compiled(`sigma-version: 3\n${ruleOf(detection)}`);
        const event = make();
        assert.equal(explain(rule, event).verdict, evaluate(rule.plan, event));
      });
    }
  }

  it('more pairs of two fields than can be compared are undetermined', () => {
    const rule = compiled(ruleOf('sel: { a|fieldref|contains: b }\ncondition: sel'));
    const values = Array.from({ length: 1000 }, (_, i) => `x${i}`);
    assert.equal(evaluate(rule.plan, { a: values, b: values.map((value) => `${value}!`) }), 'undetermined');
  });
});
