import assert from 'node:assert/strict';
import { FilterBook } from '../../../src/controllers/detection-filter/filter-book.ts';
import { EngineRules } from '../../../src/controllers/detection-rule/engine-rules.ts';
import { RuleBook } from '../../../src/controllers/detection-rule/rule-book.ts';
import type { RulesChange, UncompiledText } from '../../../src/engine/index.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { detectionFilter, FILTERS } from './filters.ts';
import { detectionRule, SIGMA } from './rules.ts';

describe('the rules that the engine runs', () => {
  const named = (name: string, sigma: string, more = {}) => {
    const rule = detectionRule(1, { sigma, ...more });
    return { ...rule, metadata: { ...rule.metadata, name } };
  };
  const filterNamed = (name: string) => {
    const filter = detectionFilter(1, { sigma: FILTERS.bob });
    return { ...filter, metadata: { ...filter.metadata, name } };
  };
  function setUp({ uncompiled = [] as readonly UncompiledText[] } = {}) {
    const book = new RuleBook(() => ({}));
    const changes: { set: readonly string[]; remove: readonly string[]; filters?: readonly string[] }[] = [];
    const filterBook = new FilterBook(() => ({}));
    let told = 0;
    let taken = Promise.resolve();
    const setRules = async ({ set, remove, filters }: RulesChange) => {
      const named = filters && { filters: filters.map(({ name }) => name) };
      changes.push({ set: set.map(({ text }) => text.name), remove, ...named });
      await taken;
      return uncompiled;
    };
    const logger = new RecordingLogger();
    const onChange = (): void => void (told += 1);
    const rules = new EngineRules({ book, filterBook, engine: { setRules }, onChange, logger });
    const running = (): readonly string[] => [...rules.running()].map(({ name }) => name);
    return {
      book,
      filterBook,
      changes,
      told: () => told,
      rules,
      running,
      logger,
      delay: (until: Promise<void>): void => void (taken = until),
    };
  }

  it('come in one change where they come together, and without those that do not run', async () => {
    const { book, changes, told, rules, running } = setUp();
    book.put(named('a', SIGMA.creates));
    rules.changed(['a']);
    book.put(named('b', SIGMA.deletes, { mode: 'Off' }));
    book.put(named('c', SIGMA.broken));
    rules.changed(['b', 'c', 'a']);
    await rules.settled();
    assert.deepEqual(changes, [{ set: ['a'], remove: ['b', 'c'] }]);
    assert.equal(told(), 1);
    assert.deepEqual(running(), ['a', 'b', 'c']);
  });

  it('are told of only when the engine has taken them, and what changed meanwhile comes after', async () => {
    const { book, changes, told, rules, running, delay } = setUp();
    const engine = Promise.withResolvers<void>();
    delay(engine.promise);
    book.put(named('a', SIGMA.creates));
    rules.changed(['a']);
    await new Promise(setImmediate);
    book.remove('a');
    rules.changed(['a']);
    assert.deepEqual([changes.length, told(), running().length], [1, 0, 0]);
    engine.resolve();
    await rules.settled();
    assert.deepEqual(changes, [
      { set: ['a'], remove: [] },
      { set: [], remove: ['a'] },
    ]);
    assert.deepEqual(running(), []);
  });

  it('leave out one that the engine does not take', async () => {
    const { book, rules, running, logger } = setUp({ uncompiled: [{ kind: 'rule', name: 'a', message: 'no' }] });
    book.put(named('a', SIGMA.creates));
    book.put(named('b', SIGMA.creates));
    rules.changed(['a', 'b']);
    await rules.settled();
    assert.deepEqual(running(), ['b']);
    assert.deepEqual(
      logger.lines.map(({ message }) => message),
      ['a rule that was accepted does not run'],
    );
  });

  it('come with all filters, where these have changed', async () => {
    const { book, filterBook, changes, rules, logger } = setUp();
    const runningFilters = (): readonly string[] => [...rules.runningFilters()].map(({ name }) => name);
    book.put(named('a', SIGMA.creates));
    for (const name of ['y', 'x']) filterBook.put(filterNamed(name));
    rules.changed(['a']);
    rules.filtersChanged();
    await rules.settled();
    assert.deepEqual(changes, [{ set: ['a'], remove: [], filters: ['x', 'y'] }]);
    assert.deepEqual(runningFilters(), ['y', 'x']);
    filterBook.remove('y');
    rules.filtersChanged();
    await rules.settled();
    assert.deepEqual(changes.slice(1), [{ set: [], remove: [], filters: ['x'] }]);
    assert.deepEqual(runningFilters(), ['x']);
    assert.deepEqual(
      logger.lines.map(({ message }) => message),
      ['filter removed'],
    );
  });
});
