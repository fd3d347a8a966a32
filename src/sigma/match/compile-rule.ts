import { isPresent, isThere } from '../evaluate/evaluate.ts';
import { matchesFields } from '../evaluate/match-fields.ts';
import type { ValueMatcher } from '../evaluate/match-value.ts';
import { type Truth, truthOfNot } from '../evaluate/truth.ts';
import type { FieldReference } from '../plan/field.ts';
import type { Matcher, StringMatcher } from '../plan/matcher.ts';
import type { ElementsNode, KeywordNode, Plan, PlanNode } from '../plan/nodes.ts';
import { foldCase } from '../values/fold.ts';
import type { StringPart } from '../values/sigma-string.ts';
import { BODY_BIT, isInBody } from './body-fields.ts';
import { branchBit } from './branch-fields.ts';
import type { EventView } from './event-view.ts';
import { fieldKey, MatchField } from './match-field.ts';
import { constant, junction, type MatchNode, not, type TestNode } from './match-node.ts';
import { Predicate, type Shortcut } from './predicate.ts';
import { requiredLiteral } from './required-literal.ts';
import { type ValueTest, valueTest } from './value-test.ts';

/** A rule, compiled: a condition over predicates that it shares with other rules. */
export interface MatchRule {
  readonly node: MatchNode;
  /** Every predicate of the condition, once. */
  readonly predicates: readonly Predicate[];
}

/** Keys above this length are not kept: such a predicate is its rule's own. */
const MAX_KEY_UNITS = 4096;

/** Compiles plans, with one predicate for equal tests and one object for equal fields. */
export class RuleCompiler {
  readonly #fields = new Map<string, MatchField>();
  readonly #predicates = new Map<string, Predicate>();
  readonly #tests = new Map<Predicate, TestNode>();
  #numbers: number;

  /** @param known rules whose predicates new rules share. */
  constructor(known: Iterable<MatchRule> = []) {
    this.#numbers = 0;
    for (const { predicates } of known) {
      for (const predicate of predicates) {
        this.#numbers = Math.max(this.#numbers, predicate.number);
        if (predicate.key !== undefined) this.#predicates.set(predicate.key, predicate);
        const { field } = predicate;
        if (field !== undefined) this.#fields.set(field.key, field);
      }
    }
  }

  /** @param exceptStages stages of which the rule sees nothing. */
  compile(plan: Plan, exceptStages: readonly string[] = []): MatchRule {
    const predicates = new Set<Predicate>();
    const selections = new Map<number, MatchNode>();
    const compile = (node: PlanNode): MatchNode => {
      switch (node.kind) {
        case 'And':
        case 'Or':
          return junction(node.kind, node.operands.map(compile));
        case 'Not':
          return not(compile(node.operand));
        case 'Constant':
          return constant(node.value);
        case 'Selection': {
          let selection = selections.get(node.index);
          if (selection === undefined) {
            const body = plan.selections[node.index]?.body;
            selection = body === undefined ? constant(false) : compile(body);
            selections.set(node.index, selection);
          }
          return selection;
        }
        case 'Predicate':
          return this.#test(this.#fieldPredicate(node.field, node.matcher), predicates);
        case 'Keyword':
        case 'Elements':
          return this.#test(this.#opaquePredicate(node), predicates);
        default:
          return node satisfies never;
      }
    };
    const root = compile(plan.root);
    if (exceptStages.length === 0) return { node: root, predicates: [...predicates] };
    const hidden = not(this.#test(this.#fieldPredicate(STAGE, oneOf(exceptStages)), predicates));
    return { node: junction('And', [hidden, root]), predicates: [...predicates] };
  }

  #test(predicate: Predicate, predicates: Set<Predicate>): TestNode {
    predicates.add(predicate);
    let node = this.#tests.get(predicate);
    if (node === undefined) this.#tests.set(predicate, (node = testNode(predicate)));
    return node;
  }

  #field(reference: FieldReference): MatchField {
    const key = fieldKey(reference);
    let field = this.#fields.get(key);
    if (field === undefined) this.#fields.set(key, (field = new MatchField(key, reference)));
    return field;
  }

  #fieldPredicate(reference: FieldReference, matcher: Matcher): Predicate {
    const field = this.#field(reference);
    if (matcher.kind === 'FieldValue') {
      const other = this.#field(matcher.field);
      return this.#shared(`${field.key} ${keyOf({ ...matcher, field: other.key })}`, (identity) => {
        const test = (view: EventView) => matchesFields(matcher, field.values(view), other.values(view));
        return new Predicate({ ...identity, ...OWN }, test);
      });
    }
    return this.#shared(`${field.key} ${keyOf(matcher)}`, (identity) => valuePredicate(field, matcher, identity));
  }

  #opaquePredicate(node: KeywordNode | ElementsNode): Predicate {
    return this.#shared(
      keyOf(node),
      (identity) => new Predicate({ ...identity, ...OWN }, (view) => view.truthOf(node)),
    );
  }

  #shared(key: string, create: (identity: Pick<Predicate, 'key' | 'number'>) => Predicate): Predicate {
    const known = this.#predicates.get(key);
    if (known !== undefined) return known;
    this.#numbers += 1;
    if (key.length > MAX_KEY_UNITS) return create({ key: undefined, number: this.#numbers });
    const predicate = create({ key, number: this.#numbers });
    this.#predicates.set(key, predicate);
    return predicate;
  }
}

/** Of a predicate that looks at more than one field. */
const OWN = { field: undefined, shortcut: undefined };

const STAGE: FieldReference = {
  kind: 'Field',
  name: 'stage',
  path: { root: 'event', segments: ['stage'] },
  mapped: [],
};

function oneOf(values: readonly string[]): StringMatcher {
  return { kind: 'String', test: 'equals', cased: true, values, needles: values };
}

function testNode(predicate: Predicate): TestNode {
  const { field } = predicate;
  const branches = field === undefined ? 0 : branchBit(field.key) || (isInBody(field.reference) ? BODY_BIT : 0);
  return { kind: 'Test', predicate, branches };
}

function valuePredicate(
  field: MatchField,
  matcher: Exclude<Matcher, { kind: 'FieldValue' }>,
  identity: Pick<Predicate, 'key' | 'number'>,
): Predicate {
  const all = { ...identity, field, shortcut: shortcutOf(matcher) };
  switch (matcher.kind) {
    case 'Exists':
      return new Predicate(all, (view) => {
        const there = isThere(field.values(view));
        return matcher.expected ? there : truthOfNot(there);
      });
    case 'Present':
      return new Predicate(all, (view) => isPresent(field.values(view)));
    case 'Null':
      return new Predicate(all, (view) => truthOfNot(isPresent(field.values(view))));
    default:
      return new Predicate(all, testOf(field, matcher));
  }
}

/** Prepared when it is first asked: most tests are decided for many rules at once, and never by themselves. */
function testOf(field: MatchField, matcher: ValueMatcher): (view: EventView) => Truth {
  let test: ValueTest | undefined;
  return (view) => {
    test ??= valueTest(matcher);
    if (test(field, view)) return true;
    return field.values(view).incomplete ? 'unknown' : false;
  };
}

function shortcutOf(matcher: Matcher): Shortcut | undefined {
  if (matcher.kind === 'Regex') {
    const required = matcher.patterns.map(requiredLiteral);
    const known = required.filter((literal) => literal !== undefined);
    return {
      kind: 'regex',
      texts: known.length < required.length ? undefined : known.map(({ text }) => foldCase(text)),
      asciiOnly: known.some(({ ignoreCase }) => ignoreCase),
    };
  }
  if (matcher.kind === 'Pattern' && !matcher.cased) {
    const texts = matcher.needles.map(longestLiteral);
    return texts.includes('') ? undefined : { kind: 'needs', texts };
  }
  if (matcher.kind !== 'String' || matcher.cased) return undefined;
  const { test, needles } = matcher;
  if (test === 'equals') return { kind: 'equals', texts: needles };
  return needles.includes('') ? undefined : { kind: test === 'contains' ? 'contains' : 'needs', texts: needles };
}

function longestLiteral(pattern: readonly StringPart[]): string {
  return pattern.reduce<string>((longest, part) => {
    return typeof part === 'string' && part.length > longest.length ? part : longest;
  }, '');
}

/** What distinguishes tests; where they stand in which rule does not, nor how the rule writes what is compared. */
function keyOf(test: object): string {
  const { values: _, ...rest } = 'needles' in test ? { values: undefined, ...test } : { values: undefined, test };
  return JSON.stringify(rest, (key, value: unknown) => {
    if (key === 'place' || key === 'item' || key === 'name') return undefined;
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}
