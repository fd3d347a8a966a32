import assert from 'node:assert/strict';
import { RuleBook } from '../../../src/controllers/detection-rule/rule-book.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { detectionRule, SIGMA } from './rules.ts';

describe('the rules of a replica', () => {
  const named = (name: string, sigma: string) => {
    const rule = detectionRule(1, { sigma });
    return { ...rule, metadata: { ...rule.metadata, name } };
  };
  const bookOf = (...rules: readonly ReturnType<typeof named>[]): RuleBook => {
    const book = new RuleBook((source) => compileRule(source));
    for (const rule of rules) book.put(rule);
    return book;
  };
  const active = (book: RuleBook): readonly string[] => book.active().map(({ name }) => name);

  it('run in the order of their names, whatever the order in which they came', () => {
    assert.deepEqual(active(bookOf(named('b', SIGMA.creates), named('a', SIGMA.deletes))), ['a', 'b']);
  });

  it('do not suffer from a bad one', () => {
    const book = bookOf(named('a', SIGMA.creates), named('b', SIGMA.broken), named('c', SIGMA.creates));
    assert.deepEqual(active(book), ['a', 'c']);
    assert.deepEqual(
      book.get('b')?.errors.map(({ line, column }) => [line, column]),
      [[5, 10]],
    );
  });

  it('are one frozen list at a time: who holds it goes on with it', () => {
    const book = bookOf(named('a', SIGMA.creates));
    const held = book.active();
    assert.equal(book.active(), held);
    book.put(named('b', SIGMA.creates));
    book.remove('a');
    assert.deepEqual(
      held.map(({ name }) => name),
      ['a'],
    );
    assert.deepEqual(active(book), ['b']);
    assert.ok(Object.isFrozen(held));
  });
});
