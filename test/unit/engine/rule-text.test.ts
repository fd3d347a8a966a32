import assert from 'node:assert/strict';
import { documentOf } from '../../../src/alerts/index.ts';
import { RuleBook } from '../../../src/controllers/detection-rule/rule-book.ts';
import { compileText } from '../../../src/engine/rule-text.ts';
import { detectionRule, SIGMA } from '../controllers/rules.ts';

describe('a text that was accepted', () => {
  const named = (name: string, sigma: string) => {
    const rule = detectionRule(1, { sigma });
    return { ...rule, metadata: { ...rule.metadata, name } };
  };
  const correlation = (...references: readonly string[]) => `title: Many
correlation:
    type: event_count
    rules: [${references.join(', ')}]
    group-by: [user.username]
    timespan: 5m
    condition: {gte: 3}
`;
  const expanding = SIGMA.creates.replace('verb: create', 'user.username|expand: "%admins%"');
  /** What is compared: everything but functions, which have no value of their own. */
  const shape = (root: unknown): unknown => JSON.parse(JSON.stringify(root));

  it('compiles to the same elsewhere, with what it was accepted with', () => {
    const placeholders = new Map([['admins', ['alice', 'bob']]]);
    const book = new RuleBook(() => ({ placeholders: (name) => placeholders.get(name) }));
    const rules = [
      named('expanding', expanding),
      named('deletes', SIGMA.deletes),
      named('many', correlation('expanding', 'deletes')),
      named('of-many', correlation('many', 'deletes')),
    ];
    for (const rule of rules) book.put(rule);
    placeholders.clear();
    for (const { metadata } of rules) {
      const { accepted, errors } = book.get(metadata.name) ?? {};
      assert.deepEqual(errors, []);
      assert.ok(accepted);
      const elsewhere = compileText(structuredClone(accepted.text));
      assert.deepEqual(shape(elsewhere), shape(accepted.root));
      assert.deepEqual(documentOf(elsewhere), documentOf(accepted.root));
    }
  });

  it('keeps the values of placeholders while a newer text is refused', () => {
    let values: readonly string[] | undefined = ['alice'];
    const book = new RuleBook(() => ({ placeholders: () => values }));
    book.put(named('expanding', expanding));
    values = undefined;
    book.put(named('expanding', expanding), 'always');
    const { errors, active } = book.get('expanding') ?? {};
    assert.equal(errors?.length, 1);
    assert.deepEqual(active?.text.placeholders, new Map([['admins', ['alice']]]));
    assert.doesNotThrow(() => active && compileText(active.text));
  });
});
