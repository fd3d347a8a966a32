import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CompiledRule } from '../../../../src/sigma/index.ts';
import { RuleSet } from '../../../../src/sigma/match/rule-set.ts';
import { auditRuleOf, compiled } from '../support/compiled.ts';
import { auditEvent } from './support/arbitrary-events.ts';
import { auditRule } from './support/arbitrary-rules.ts';

function entry(id: string, detection: string, exceptStages?: readonly string[]) {
  return { id, plan: compiled(auditRuleOf(detection)).plan, exceptStages };
}

const DELETES = 'a: { verb: delete }\ncondition: a';
const CREATES = 'a: { verb: create }\ncondition: a';
const BODY = 'a: { requestObject.kind: Pod }\ncondition: a';

describe('a rule set', () => {
  it('gives the entries of the rules that match, in their order', () => {
    const set = RuleSet.of([entry('b', DELETES), entry('c', CREATES), entry('a', DELETES)]);
    assert.deepEqual(
      set.match({ verb: 'delete' }).map(({ entry: { id }, verdict }) => [id, verdict]),
      [
        ['b', 'match'],
        ['a', 'match'],
      ],
    );
    assert.deepEqual(set.match({ verb: 'get' }), []);
  });

  it('carries whatever the caller adds to an entry', () => {
    const set = RuleSet.of([{ ...entry('a', DELETES), severity: 'high' }]);
    assert.equal(set.match({ verb: 'delete' })[0]?.entry.severity, 'high');
  });

  it('says undetermined where only a body that is unknown decides', () => {
    const set = RuleSet.of([entry('a', BODY)]);
    assert.equal(set.match({ verb: 'create' }, { bodiesUnknown: true })[0]?.verdict, 'undetermined');
    assert.deepEqual(set.match({ verb: 'create' }), []);
  });

  it('hides the stages that a rule does not see', () => {
    const set = RuleSet.of([entry('a', DELETES, ['RequestReceived']), entry('b', DELETES)]);
    const at = (stage: string) => set.match({ verb: 'delete', stage }).map(({ entry: { id } }) => id);
    assert.deepEqual(at('RequestReceived'), ['b']);
    assert.deepEqual(at('ResponseComplete'), ['a', 'b']);
  });

  it('takes the last of several entries with one id', () => {
    const set = RuleSet.of([entry('a', DELETES), entry('a', CREATES)]);
    assert.equal(set.size, 1);
    assert.equal(set.match({ verb: 'create' }).length, 1);
    assert.equal(set.match({ verb: 'delete' }).length, 0);
  });
});

describe('a changed rule set', () => {
  it('leaves the one that it came from as it is', () => {
    const before = RuleSet.of([entry('a', DELETES), entry('b', DELETES)]);
    const after = before.with({ set: [entry('a', CREATES), entry('c', DELETES)], remove: ['b'] });
    const ids = (set: typeof before) => set.match({ verb: 'delete' }).map(({ entry: { id } }) => id);
    assert.deepEqual(ids(before), ['a', 'b']);
    assert.deepEqual(ids(after), ['c']);
    assert.deepEqual(
      after.entries.map(({ id }) => id),
      ['a', 'c'],
    );
    assert.deepEqual(ids(before), ['a', 'b']);
  });

  it('matches like one that was made at once, whatever the history', () => {
    const change = fc.record({
      set: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), auditRule), { maxLength: 3 }),
      remove: fc.subarray(['a', 'b', 'c', 'd', 'e'], { maxLength: 2 }),
    });
    const matches = (set: RuleSet<{ id: string; plan: CompiledRule['plan'] }>, event: object) =>
      set.match(event).map(({ entry: { id }, verdict }) => [id, verdict]);
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 6 }),
        fc.array(auditEvent, { minLength: 1, maxLength: 4 }),
        (changes, events) => {
          let set = RuleSet.of<{ id: string; plan: CompiledRule['plan'] }>([]);
          for (const { set: added, remove } of changes) {
            const entries = added.map(([id, { plan }]) => ({ id, plan }));
            set = set.with({ set: entries, remove });
            const fresh = RuleSet.of(set.entries);
            for (const event of events) assert.deepEqual(matches(set, event), matches(fresh, event));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
