import type { RuleDocument } from '../document/rule-document.ts';
import type { Place } from '../source-text.ts';

/** The specification's types, and `value_median`, which pySigma and the website have. */
export const CORRELATION_TYPES = Object.freeze([
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const);
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export const COMPARISON_OPERATORS = Object.freeze(['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const);
type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];

export interface Comparison {
  readonly operator: ComparisonOperator;
  readonly bound: number;
}

/** A correlation document as its author wrote it, read and validated; its references are not resolved yet. */
export interface CorrelationDocument {
  readonly document: RuleDocument;
  readonly type: CorrelationType;
  /** The rules in the order of the document (or of the condition, where `rules` is left out). */
  readonly rules: readonly RuleReference[];
  readonly groupBy: readonly string[];
  /** In milliseconds. */
  readonly timespan: number;
  readonly condition: CorrelationCondition;
  readonly aliases: readonly FieldAlias[];
  /** The rules that it refers to, where they stand in the same source, raise alerts of their own too. */
  readonly generate: boolean;
}

/** The id or name of a rule, and where it stands. */
export interface RuleReference {
  readonly text: string;
  readonly place: Place;
}

/** One name for fields of different names, to be used in `group-by`. */
export interface FieldAlias {
  readonly name: string;
  readonly place: Place;
  /** Which field it is in the matches of each rule. */
  readonly fields: readonly { readonly rule: RuleReference; readonly field: string }[];
}

/**
 * When a correlation holds: `Compare` where one number meets every comparison (a map; several operators are a range), `Presence` where
 * any of the terms is met (a boolean expression over rules, in disjunctive normal form).
 */
export type CorrelationCondition = CompareCondition | PresenceCondition;

export interface CompareCondition {
  readonly kind: 'Compare';
  /** Never empty. */
  readonly comparisons: readonly Comparison[];
  /** The fields whose values are counted or computed with; a list counts tuples. */
  readonly fields: readonly string[];
  /** 0 to 100; `value_percentile` only. */
  readonly percentile?: number | undefined;
}

interface PresenceCondition {
  readonly kind: 'Presence';
  /** Never empty. */
  readonly terms: readonly PresenceTerm[];
}

/** Rules that must match, in the order of the correlation's rules, and rules that must not; indexes into those. */
export interface PresenceTerm {
  /** Never empty. */
  readonly present: readonly number[];
  readonly absent: readonly number[];
}
