import type { Place } from '../source-text.ts';
import type { FieldReference } from './field.ts';
import type { Matcher, PatternMatcher, RegexMatcher, StringMatcher } from './matcher.ts';

/**
 * What a rule's detection means: frozen, kind-tagged, plain data (it survives JSON and structured clone). Everything after the compiler
 * (interpreter, compiled matcher, explain, lint, catalog) is a visitor over it.
 */
export interface Plan {
  readonly kind: 'Plan';
  /** The condition, over Selection nodes; a list of conditions is an Or. */
  readonly root: PlanNode;
  /** Every selection of the detection in the order of the source, also those that no condition uses. */
  readonly selections: readonly Selection[];
}

/** A search identifier and what it demands. */
export interface Selection {
  readonly name: string;
  readonly body: PlanNode;
  readonly place: Place;
}

export type PlanNode =
  | AndNode
  | OrNode
  | NotNode
  | ConstantNode
  | SelectionNode
  | PredicateNode
  | KeywordNode
  | ElementsNode;

export interface AndNode {
  readonly kind: 'And';
  /** Never empty. */
  readonly operands: readonly PlanNode[];
  readonly place: Place;
}

export interface OrNode {
  readonly kind: 'Or';
  /** Never empty. */
  readonly operands: readonly PlanNode[];
  readonly place: Place;
}

export interface NotNode {
  readonly kind: 'Not';
  readonly operand: PlanNode;
  readonly place: Place;
}

/** Always true or false. The compiler makes none today; transformations of a plan may. */
export interface ConstantNode {
  readonly kind: 'Constant';
  readonly value: boolean;
  readonly place: Place;
}

/** The selection at `index` of the plan. */
export interface SelectionNode {
  readonly kind: 'Selection';
  readonly index: number;
  readonly name: string;
  /** Where the condition names it, or where the quantifier stands that does. */
  readonly place: Place;
}

/** A test of one field. */
export interface PredicateNode {
  readonly kind: 'Predicate';
  readonly field: FieldReference;
  readonly matcher: Matcher;
  readonly item: ItemOrigin;
  readonly place: Place;
}

/** A test of every string, number and boolean in the event (values, not keys); holds when any of them does. */
export interface KeywordNode {
  readonly kind: 'Keyword';
  readonly matcher: KeywordMatcher;
  readonly item: ItemOrigin;
  readonly place: Place;
}

/** What a keyword demands of a value: that it holds a text, fits a pattern open on both sides, or that a regular expression is found in it. */
export type KeywordMatcher = StringMatcher | PatternMatcher | RegexMatcher;

/** `all` and `none` range over every element; `all` demands at least one. */
export type ElementQuantifier = 'any' | 'all' | 'all_or_empty' | 'none';

/**
 * Array matching (sigma-specification#212, sigma-version 3): `body` is evaluated for each element of the field, and the element stands for the event
 * in it. A value that is no array is an array of one; a missing or null field is empty.
 */
export interface ElementsNode {
  readonly kind: 'Elements';
  readonly field: FieldReference;
  readonly quantifier: ElementQuantifier;
  readonly body: PlanNode;
  readonly item: ItemOrigin;
  readonly place: Place;
}

/** The detection item that a predicate comes from. */
export interface ItemOrigin {
  readonly selection: string;
  /** The key as written, with modifiers: `requestURI|contains`; empty for keywords without modifiers. */
  readonly key: string;
  readonly modifiers: readonly string[];
}
