import type { DiagnosticCode, DiagnosticSink } from '../diagnostics.ts';
import type { Limits } from '../limits.ts';
import type { Place } from '../source-text.ts';
import { type ConditionToken, tokenizeCondition } from './tokens.ts';
import type { ConditionNode } from './tree.ts';

/** Where the text of a condition stands in the source: the place of [start, end) of the condition. */
export type ConditionPlaces = (start: number, end: number) => Place;

const RESERVED = new Set(['and', 'or', 'not', 'of', 'them', 'all']);
/** The functions of Sigma v1 aggregations. */
const AGGREGATIONS = new Set(['count', 'min', 'max', 'avg', 'sum', 'near']);
const OPERATORS = new Set(['and', 'or', 'not', 'of', 'them', 'all', 'any']);

/**
 * Parses one condition (specification, "Condition"): `or` < `and` < `not` < `… of …` < parentheses. Reports one error at most and then returns undefined.
 */
export function parseCondition(
  text: string,
  places: ConditionPlaces,
  sink: DiagnosticSink,
  limits: Limits,
  path: string,
): ConditionNode | undefined {
  const report = (code: DiagnosticCode, start: number, end: number, message: string, remedy?: string): never => {
    sink.report(code, places(start, end), message, path, remedy);
    throw new ConditionError(message);
  };
  try {
    if (text.length > limits.maxConditionLength) {
      report(
        'ConditionTooLong',
        0,
        1,
        `The condition has ${text.length} characters; ${limits.maxConditionLength} are allowed.`,
      );
    }
    if (text.trim() === '') report('EmptyCondition', 0, text.length, 'The condition is empty.');
    return new ConditionParser(tokenizeCondition(text), places, report, limits).parse();
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

class ConditionError extends Error {}

type Report = (code: DiagnosticCode, start: number, end: number, message: string, remedy?: string) => never;

class ConditionParser {
  readonly #tokens: readonly ConditionToken[];
  readonly #places: ConditionPlaces;
  readonly #report: Report;
  readonly #limits: Limits;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly ConditionToken[], places: ConditionPlaces, report: Report, limits: Limits) {
    this.#tokens = tokens;
    this.#places = places;
    this.#report = report;
    this.#limits = limits;
  }

  parse(): ConditionNode {
    const node = this.#or();
    const token = this.#peek();
    if (token.kind !== 'end') this.#unexpected(token, 'and, or, or the end of the condition');
    return node;
  }

  #or(): ConditionNode {
    return this.#chain('Or', 'or', () => this.#and());
  }

  #and(): ConditionNode {
    return this.#chain('And', 'and', () => this.#not());
  }

  #chain(kind: 'And' | 'Or', operator: string, operand: () => ConditionNode): ConditionNode {
    const start = this.#peek().start;
    const first = operand();
    const operands = [first];
    while (this.#isWord(operator)) {
      this.#advance();
      operands.push(operand());
    }
    return operands.length === 1 ? first : { kind, operands, place: this.#places(start, this.#previousEnd()) };
  }

  #not(): ConditionNode {
    const token = this.#peek();
    if (!this.#isWord('not')) return this.#primary();
    this.#advance();
    this.#descend(token);
    const operand = this.#not();
    this.#depth--;
    return { kind: 'Not', operand, place: this.#places(token.start, this.#previousEnd()) };
  }

  #primary(): ConditionNode {
    const token = this.#advance();
    if (token.kind === '(') {
      this.#descend(token);
      const node = this.#or();
      this.#depth--;
      const closing = this.#advance();
      if (closing.kind !== ')') this.#unexpected(closing, 'a closing parenthesis');
      return node;
    }
    if (token.kind !== 'word') this.#unexpected(token, 'a selection, "1 of", "all of", not, or a parenthesis');
    if (this.#isWord('of')) return this.#quantified(token);
    if (RESERVED.has(token.text)) this.#unexpected(token, 'a selection');
    if (token.text.includes('*')) {
      this.#report(
        'UnexpectedToken',
        token.start,
        token.end,
        `The pattern ${token.text} needs a quantifier.`,
        `Write "1 of ${token.text}" or "all of ${token.text}".`,
      );
    }
    const next = this.#peek();
    if (next.kind === 'word' || next.kind === '(') this.#refuseUppercase(token);
    this.#refuseUppercase(next);
    return { kind: 'Identifier', name: token.text, place: this.#places(token.start, token.end) };
  }

  #quantified(quantifier: ConditionToken): ConditionNode {
    if (quantifier.text !== '1' && quantifier.text !== 'any' && quantifier.text !== 'all') {
      this.#report(
        'UnsupportedQuantifier',
        quantifier.start,
        quantifier.end,
        `"${quantifier.text} of" is not a quantifier.`,
      );
    }
    this.#advance();
    const target = this.#advance();
    if (target.kind !== 'word' || (RESERVED.has(target.text) && target.text !== 'them')) {
      this.#unexpected(target, '"them" or a pattern such as selection_*');
    }
    return {
      kind: 'Quantified',
      quantifier: quantifier.text === 'all' ? 'all' : 'any',
      target: target.text,
      place: this.#places(quantifier.start, target.end),
    };
  }

  #descend(token: ConditionToken): void {
    if (++this.#depth > this.#limits.maxConditionDepth) {
      this.#report(
        'ConditionTooDeep',
        token.start,
        token.end,
        `The condition is nested deeper than ${this.#limits.maxConditionDepth}.`,
      );
    }
  }

  #unexpected(token: ConditionToken, wanted: string): never {
    const previous = this.#tokens[this.#tokens.indexOf(token) - 1]?.text ?? '';
    if (token.text === '|' || (token.kind === '(' && AGGREGATIONS.has(previous))) {
      this.#report(
        'AggregationNotSupported',
        token.start,
        token.end,
        'The condition aggregates events, which was part of Sigma v1.',
      );
    }
    this.#refuseUppercase(token);
    const found = token.kind === 'end' ? 'The condition ends' : `Found ${JSON.stringify(token.text)}`;
    return this.#report(
      'UnexpectedToken',
      token.start,
      Math.max(token.end, token.start + 1),
      `${found} where ${wanted} is expected.`,
    );
  }

  #refuseUppercase(token: ConditionToken): void {
    const lower = token.text.toLowerCase();
    if (token.kind === 'word' && lower !== token.text && OPERATORS.has(lower)) {
      this.#report(
        'UppercaseOperator',
        token.start,
        token.end,
        `The operator ${token.text} is in upper case.`,
        `Write ${lower}.`,
      );
    }
  }

  #isWord(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && token.text === text;
  }

  #peek(): ConditionToken {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', start: 0, end: 0 };
  }

  #advance(): ConditionToken {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  #previousEnd(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }
}
