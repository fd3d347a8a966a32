import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseCondition } from '../../../src/sigma/condition/parse.ts';
import { type ConditionNode, printCondition } from '../../../src/sigma/condition/tree.ts';
import { type Diagnostic, DiagnosticSink } from '../../../src/sigma/diagnostics.ts';
import { DEFAULT_LIMITS } from '../../../src/sigma/limits.ts';
import { SourceText } from '../../../src/sigma/source-text.ts';

function parse(text: string): { readonly tree: ConditionNode | undefined; readonly errors: readonly Diagnostic[] } {
  const source = new SourceText(text);
  const sink = new DiagnosticSink(source, DEFAULT_LIMITS);
  const tree = parseCondition(text, (start, end) => source.place(start, end), sink, DEFAULT_LIMITS, 'condition');
  return { tree, errors: sink.errors };
}

/** A condition as an S-expression. */
function shape(node: ConditionNode | undefined): string {
  if (node === undefined) return 'error';
  switch (node.kind) {
    case 'Identifier':
      return node.name;
    case 'Quantified':
      return `${node.quantifier}:${node.target}`;
    case 'Not':
      return `(not ${shape(node.operand)})`;
    case 'And':
    case 'Or':
      return `(${node.kind.toLowerCase()} ${node.operands.map(shape).join(' ')})`;
    default:
      return node satisfies never;
  }
}

describe('conditions', () => {
  const trees = [
    ['a', 'a'],
    ['a or b and not c', '(or a (and b (not c)))'],
    ['not a and b', '(and (not a) b)'],
    ['not (a and b)', '(not (and a b))'],
    ['a and b and c or d', '(or (and a b c) d)'],
    ['(a or b) and c', '(and (or a b) c)'],
    ['((a))', 'a'],
    ['not not a', '(not (not a))'],
    ['1 of them', 'any:them'],
    ['any of sel_*', 'any:sel_*'],
    ['not 1 of filter_* or all of them', '(or (not any:filter_*) all:them)'],
    ['notsel or android', '(or notsel android)'],
    ['any and all-of_1', '(and any all-of_1)'],
    ['1 or 2nd', '(or 1 2nd)'],
    ['a\n\tand(b)', '(and a b)'],
    ['größe and 選択', '(and größe 選択)'],
  ] as const;
  for (const [text, expected] of trees) {
    it(`reads ${JSON.stringify(text)} as ${expected}`, () => assert.equal(shape(parse(text).tree), expected));
  }

  const errors = [
    ['a and', 'UnexpectedToken', 5, 'The condition ends'],
    ['and a', 'UnexpectedToken', 0, 'Found "and"'],
    ['a b', 'UnexpectedToken', 2, 'Found "b"'],
    ['(a or b', 'UnexpectedToken', 7, 'The condition ends'],
    ['a)', 'UnexpectedToken', 1, 'Found ")"'],
    ['()', 'UnexpectedToken', 1, 'Found ")"'],
    ['1 of', 'UnexpectedToken', 4, 'The condition ends'],
    ['1 of and', 'UnexpectedToken', 5, 'Found "and"'],
    ['1 of (a, b)', 'UnexpectedToken', 5, 'Found "("'],
    ['sel_*', 'UnexpectedToken', 0, 'The pattern sel_* needs a quantifier'],
    ['a & b', 'UnexpectedToken', 2, 'Found "&"'],
    ['all', 'UnexpectedToken', 0, 'Found "all"'],
    ['2 of them', 'UnsupportedQuantifier', 0, '"2 of"'],
    ['most of them', 'UnsupportedQuantifier', 0, '"most of"'],
    ['a AND b', 'UppercaseOperator', 2, 'AND'],
    ['NOT a', 'UppercaseOperator', 0, 'NOT'],
    ['1 OF them', 'UppercaseOperator', 2, 'OF'],
    ['a | count() by b > 5', 'AggregationNotSupported', 2, 'Sigma v1'],
    ['count(a) > 5', 'AggregationNotSupported', 5, 'Sigma v1'],
    ['  ', 'EmptyCondition', 0, 'empty'],
  ] as const;
  for (const [text, code, offset, message] of errors) {
    it(`refuses ${JSON.stringify(text)} at ${offset}`, () => {
      const { tree, errors: found } = parse(text);
      assert.equal(tree, undefined);
      assert.deepEqual(
        found.map((e) => [e.code, e.offset]),
        [[code, offset]],
      );
      assert(found[0]?.message.includes(message), found[0]?.message);
    });
  }

  const place = new SourceText('').place(0);
  const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/).filter((text) => !/^(and|or|not|of|them|all)$/.test(text));
  const { condition } = fc.letrec<{ condition: ConditionNode }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      name.map((text): ConditionNode => ({ kind: 'Identifier', name: text, place })),
      fc.record({
        kind: fc.constant('Quantified' as const),
        quantifier: fc.constantFrom('any' as const, 'all' as const),
        target: fc.oneof(
          fc.constant('them'),
          name.map((text) => `${text}*`),
        ),
        place: fc.constant(place),
      }),
      fc.record({ kind: fc.constant('Not' as const), operand: tie('condition'), place: fc.constant(place) }),
      fc.record({
        kind: fc.constantFrom('And' as const, 'Or' as const),
        operands: fc.array(tie('condition'), { minLength: 2, maxLength: 4 }),
        place: fc.constant(place),
      }),
    ),
  }));

  it('print as what they were parsed from', () => {
    fc.assert(
      fc.property(condition, (tree) => {
        const { tree: parsed, errors: found } = parse(printCondition(tree));
        assert.deepEqual(found, []);
        assert.equal(shape(parsed), shape(tree));
      }),
    );
  });

  it('give places inside the text, whatever it is', () => {
    const words = fc.constantFrom(
      'and',
      'or',
      'not',
      '(',
      ')',
      'of',
      '1',
      'all',
      'them',
      'a*',
      'b',
      '|',
      'AND',
      '\n',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 20 }).map((w) => w.join(' ')),
        ),
        (text) => {
          for (const { offset, length } of parse(text).errors) assert(offset >= 0 && offset + length <= text.length);
        },
      ),
    );
  });
});
