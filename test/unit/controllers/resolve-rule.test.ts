import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { groupingOf } from '../../../src/alerts/index.ts';
import { compileRoot } from '../../../src/controllers/detection-rule/compile-root.ts';
import { type Compile, type ResolvedRule, resolveRule } from '../../../src/controllers/detection-rule/resolve-rule.ts';
import { activateRule } from '../../../src/engine/runnable-rule.ts';
import { detectionRule, SIGMA } from './rules.ts';

const compile: Compile = (source) => compileRoot(source);
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const recorded = (generation: number, sigma: string) => ({ accepted: { generation, hash: hash(sigma), sigma } });

const running = ({ active }: ResolvedRule) => active && activateRule(active);

/** The texts that `outcome` speaks of, by their hashes. */
function outcome({ accepted, active, errors }: ResolvedRule): object {
  const named = (value: string | undefined): string | undefined =>
    Object.entries(SIGMA).find(([, text]) => hash(text) === value)?.[0];
  return {
    accepted: accepted === undefined ? undefined : `${named(accepted.hash)} ${accepted.generation}`,
    runs: named(active?.hash),
    errors: errors.map(({ code }) => code),
  };
}

describe('what a replica makes of a DetectionRule', () => {
  const before = resolveRule(detectionRule(3, { sigma: SIGMA.creates }), undefined, compile);
  const cases: readonly {
    readonly title: string;
    readonly rule: Parameters<typeof resolveRule>[0];
    readonly previous?: ResolvedRule;
    readonly expected: object;
  }[] = [
    {
      title: 'a new rule runs',
      rule: detectionRule(1, { sigma: SIGMA.creates }),
      expected: { accepted: 'creates 1', runs: 'creates', errors: [] },
    },
    {
      title: 'a new text replaces the one before',
      rule: detectionRule(4, { sigma: SIGMA.deletes }),
      previous: before,
      expected: { accepted: 'deletes 4', runs: 'deletes', errors: [] },
    },
    {
      title: 'a new generation with the same text is that generation',
      rule: detectionRule(4, { sigma: SIGMA.creates, severity: 'high' }),
      previous: before,
      expected: { accepted: 'creates 4', runs: 'creates', errors: [] },
    },
    {
      title: 'one that is off is accepted and does not run',
      rule: detectionRule(4, { sigma: SIGMA.deletes, mode: 'Off' }),
      previous: before,
      expected: { accepted: 'deletes 4', runs: undefined, errors: [] },
    },
    {
      title: 'a refused text that is the first',
      rule: detectionRule(1, { sigma: SIGMA.broken }),
      expected: { accepted: undefined, runs: undefined, errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text: the version in memory goes on',
      rule: detectionRule(4, { sigma: SIGMA.broken }),
      previous: before,
      expected: { accepted: 'creates 3', runs: 'creates', errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text and mode Off: nothing runs, and the version in memory is kept',
      rule: detectionRule(4, { sigma: SIGMA.broken, mode: 'Off' }),
      previous: before,
      expected: { accepted: 'creates 3', runs: undefined, errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text after a restart: the version in the status goes on',
      rule: detectionRule(4, { sigma: SIGMA.broken }, recorded(2, SIGMA.deletes)),
      expected: { accepted: 'deletes 2', runs: 'deletes', errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text: the status is newer than what this replica knows',
      rule: detectionRule(5, { sigma: SIGMA.broken }, recorded(4, SIGMA.deletes)),
      previous: before,
      expected: { accepted: 'deletes 4', runs: 'deletes', errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text: the status is older than what this replica knows',
      rule: detectionRule(5, { sigma: SIGMA.broken }, recorded(2, SIGMA.deletes)),
      previous: before,
      expected: { accepted: 'creates 3', runs: 'creates', errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text: the status names the text in memory under a later generation',
      rule: detectionRule(6, { sigma: SIGMA.broken }, recorded(5, SIGMA.creates)),
      previous: before,
      expected: { accepted: 'creates 5', runs: 'creates', errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text, and a status whose text is refused now, too',
      rule: detectionRule(5, { sigma: SIGMA.broken }, recorded(4, SIGMA.broken)),
      expected: { accepted: undefined, runs: undefined, errors: ['UnknownModifier'] },
    },
    {
      title: 'a refused text, and a status that somebody has damaged: the text counts, not the hash',
      rule: detectionRule(5, { sigma: SIGMA.broken }, { accepted: { generation: 4, hash: 'x', sigma: SIGMA.deletes } }),
      expected: { accepted: 'deletes 4', runs: 'deletes', errors: ['UnknownModifier'] },
    },
  ];
  for (const { title, rule, previous, expected } of cases) {
    it(title, () => {
      const resolved = resolveRule(rule, previous, compile);
      assert.deepEqual(outcome(resolved), expected);
      assert.equal(resolved.name, 'test');
      assert.equal(resolved.generation, rule.metadata.generation);
    });
  }

  it('takes the choices beside the text from the newest version, also while its text is refused', () => {
    const rule = detectionRule(4, {
      sigma: SIGMA.broken,
      severity: 'critical',
      dryRun: 'Include',
      outcome: ['Failed'],
    });
    const active = running(resolveRule(rule, before, compile));
    assert.equal(active?.severity, 'critical');
    assert.equal(active.dryRuns, true);
    assert.deepEqual([...active.outcomes], ['Failed']);
  });

  it('takes what the rule does not say about its Alerts from the operator', () => {
    const defaults = { groupBy: ['Actor', 'Object'], events: 'Rule' } as const;
    const resolve = (alert?: object) =>
      running(
        resolveRule(
          detectionRule(4, { sigma: SIGMA.creates, ...(alert && { alert }) }),
          undefined,
          compile,
          'if new',
          defaults,
        ),
      );
    const silent = resolve();
    assert.equal(silent?.events, 'Rule');
    assert.deepEqual(silent.grouping, groupingOf(defaults.groupBy));
    const outspoken = resolve({ groupBy: [], events: 'None' });
    assert.equal(outspoken?.events, 'None');
    assert.deepEqual(outspoken.grouping, groupingOf([]));
  });

  it('compiles a text again only when asked to', () => {
    let compiled = 0;
    const counting: Compile = (source) => {
      compiled += 1;
      return compileRoot(source);
    };
    const rule = detectionRule(4, { sigma: SIGMA.creates });
    const first = resolveRule(rule, undefined, counting);
    const second = resolveRule(rule, first, counting);
    assert.equal(compiled, 1);
    assert.equal(second.accepted?.root, first.accepted?.root);
    resolveRule(rule, second, counting, 'always');
    assert.equal(compiled, 2);
  });
});
