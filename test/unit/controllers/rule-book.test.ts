import assert from 'node:assert/strict';
import { RuleBook } from '../../../src/controllers/detection-rule/rule-book.ts';
import { detectionRule, SIGMA } from './rules.ts';

describe('the rules of a replica', () => {
  const named = (name: string, sigma: string) => {
    const rule = detectionRule(1, { sigma });
    return { ...rule, metadata: { ...rule.metadata, name } };
  };
  const bookOf = (...rules: readonly ReturnType<typeof named>[]): RuleBook => {
    const book = new RuleBook(() => ({}));
    for (const rule of rules) book.put(rule);
    return book;
  };
  const active = (book: RuleBook): readonly string[] =>
    [...book.all()].flatMap(({ name, active: runs }) => (runs === undefined ? [] : name));

  it('do not suffer from a bad one', () => {
    const book = bookOf(named('a', SIGMA.creates), named('b', SIGMA.broken), named('c', SIGMA.creates));
    assert.deepEqual(active(book), ['a', 'c']);
    assert.deepEqual(
      book.get('b')?.errors.map(({ line, column }) => [line, column]),
      [[5, 10]],
    );
  });

  it('are as they were changed last', () => {
    const book = bookOf(named('a', SIGMA.creates));
    book.put(named('b', SIGMA.creates));
    book.remove('a');
    assert.deepEqual(active(book), ['b']);
  });

  it('of another product are accepted and do not run', () => {
    const book = bookOf(named('a', SIGMA.creates.replace('kubernetes', 'windows')));
    assert.equal(book.get('a')?.errors.length, 0);
    assert.notEqual(book.get('a')?.accepted, undefined);
    assert.deepEqual(active(book), []);
  });

  describe('that refer to each other', () => {
    const base = (id: string) => SIGMA.creates.replace('logsource:', `id: ${id}\nlogsource:`);
    const correlation = (reference: string) => `title: Many
correlation:
    type: event_count
    rules: [${reference}]
    group-by: [user.username]
    timespan: 5m
    condition: {gte: 3}
`;
    const ID = '6b1a2a64-9d1f-4a53-a1d4-6b0d7a3b3f43';
    const state = (book: RuleBook, name: string) => {
      const { errors, active: runs } = book.get(name) ?? {};
      return runs === undefined ? errors?.map(({ code }) => code) : 'runs';
    };

    it('find each other by id and by name, in whatever order they come', () => {
      for (const reference of [ID, 'base']) {
        assert.equal(state(bookOf(named('base', base(ID)), named('many', correlation(reference))), 'many'), 'runs');
        assert.equal(state(bookOf(named('many', correlation(reference)), named('base', base(ID))), 'many'), 'runs');
      }
    });

    it('are refused while one is missing, and go on with what they had when it goes', () => {
      const book = bookOf(named('many', correlation(ID)));
      assert.deepEqual(state(book, 'many'), ['UnresolvedReference']);
      const [, ...affected] = book.put(named('base', base(ID)));
      assert.deepEqual(
        affected.map(({ rule }) => rule.metadata.name),
        ['many'],
      );
      assert.equal(state(book, 'many'), 'runs');
      book.remove('base');
      assert.deepEqual(
        book.get('many')?.errors.map(({ code }) => code),
        ['UnresolvedReference'],
      );
    });

    it('do not hang in a cycle', () => {
      const book = bookOf(named('one', correlation('two')), named('two', correlation('one')));
      assert.notEqual(state(book, 'one'), 'runs');
      assert.notEqual(state(book, 'two'), 'runs');
    });
  });
});
