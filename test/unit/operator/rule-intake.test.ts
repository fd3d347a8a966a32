import assert from 'node:assert/strict';
import type { DetectionRule } from '../../../src/api/detection-rule.generated.ts';
import { type ConfigMap, placeholdersOf } from '../../../src/controllers/detection-rule/placeholders.ts';
import { RuleBook } from '../../../src/controllers/detection-rule/rule-book.ts';
import { Store } from '../../../src/kube/index.ts';
import { takeInRules } from '../../../src/operator/rule-intake.ts';
import { detectionRule, SIGMA } from '../controllers/rules.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';

describe('the intake of DetectionRules', () => {
  const expanding = SIGMA.creates.replace('verb: create', 'user.username|expand: "%admins%"');
  let version = 0;
  const named = (name: string, generation: number, sigma: string, status?: DetectionRule['status']): DetectionRule => {
    const rule = detectionRule(generation, { sigma }, status);
    return { ...rule, metadata: { ...rule.metadata, name, resourceVersion: String(++version) } };
  };
  const admins = (...names: readonly string[]): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'sigma-operator', name: 'placeholders', resourceVersion: String(++version) },
    data: { admins: names.join('\n') },
  });

  function setUp() {
    const rules = new Store<DetectionRule>();
    const placeholders = new Store<ConfigMap>();
    const book = new RuleBook(() => ({ placeholders: placeholdersOf([...placeholders.values()][0]) }));
    const logger = new RecordingLogger();
    const changes: (readonly string[])[] = [];
    const count = { reloads: 0, failed: 0 };
    const metrics = {
      reloads: { inc: () => void (count.reloads += 1) },
      reloadsFailed: { inc: () => void (count.failed += 1) },
    };
    const cluster = { rules: { store: rules }, placeholders: { store: placeholders } };
    const begin = (): void => takeInRules(cluster, book, metrics, logger, (names) => changes.push(names));
    const runs = (name: string): boolean => book.get(name)?.active !== undefined;
    return { rules, placeholders, book, logger, changes, count, begin, runs };
  }

  it('takes what is there, and each new version of its spec', () => {
    const { rules, changes, count, begin, runs, logger } = setUp();
    rules.set(named('a', 1, SIGMA.creates));
    begin();
    rules.set(named('b', 1, SIGMA.broken));
    rules.set(named('a', 2, SIGMA.deletes));
    assert.deepEqual(changes, [['a'], ['b'], ['a']]);
    assert.deepEqual([runs('a'), runs('b')], [true, false]);
    assert.deepEqual(count, { reloads: 3, failed: 1 });
    assert.deepEqual(
      logger.lines.map(({ message, fields }) => `${message}: ${String(fields?.['rule'])}`),
      ['rule accepted: a', 'rule refused: b', 'rule accepted: a'],
    );
  });

  it('tells of those that are gone, and of those that referred to them', () => {
    const { rules, changes, begin } = setUp();
    const correlation = `title: Many
correlation:
    type: event_count
    rules: [a]
    group-by: [user.username]
    timespan: 5m
    condition: {gte: 3}
`;
    rules.set(named('a', 1, SIGMA.creates));
    rules.set(named('many', 1, correlation));
    begin();
    changes.length = 0;
    rules.delete(named('a', 1, SIGMA.creates));
    assert.deepEqual(changes, [['a', 'many']]);
  });

  it('passes over changes of a status, but where they bring the version that is to go on', () => {
    const { rules, changes, begin, runs } = setUp();
    begin();
    rules.set(named('a', 1, SIGMA.creates));
    rules.set(named('a', 1, SIGMA.creates, { matches: 1 }));
    rules.set(named('b', 2, SIGMA.broken));
    assert.deepEqual(changes, [['a'], ['b']]);
    assert.equal(runs('b'), false);
    rules.set(named('b', 2, SIGMA.broken, { accepted: { generation: 1, hash: 'x', sigma: SIGMA.deletes } }));
    assert.deepEqual(changes.slice(2), [['b']]);
    assert.equal(runs('b'), true);
  });

  it('compiles rules again that ask for placeholders when these change, and no others', () => {
    const { rules, placeholders, book, changes, begin, runs } = setUp();
    rules.set(named('a', 1, SIGMA.creates));
    rules.set(named('expanding', 1, expanding));
    begin();
    assert.equal(runs('expanding'), false);
    changes.length = 0;
    placeholders.set(admins('alice'));
    placeholders.set(admins('alice', 'bob'));
    assert.deepEqual(changes, [['expanding'], ['expanding']]);
    const { text } = book.get('expanding')?.active ?? assert.fail();
    assert.deepEqual(text.placeholders.get('admins'), ['alice', 'bob']);
  });
});
