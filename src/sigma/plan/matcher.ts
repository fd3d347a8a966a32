import type { ComparisonOperator, StringTest, TimePart } from '../values/item-value.ts';
import type { Network } from '../values/network.ts';
import type { RegexPattern } from '../values/regex.ts';
import type { StringPart } from '../values/sigma-string.ts';
import type { FieldReference } from './field.ts';

/**
 * What a predicate demands of the values of a field. A matcher with several values holds when any of them does.
 * Scalars are compared by their text: numbers in decimal, booleans as `true` and `false`.
 */
export type Matcher =
  | StringMatcher
  | PatternMatcher
  | NumberMatcher
  | BooleanMatcher
  | NullMatcher
  | PresentMatcher
  | ExistsMatcher
  | RegexMatcher
  | NetworkMatcher
  | ComparisonMatcher
  | TimePartMatcher
  | FieldMatcher;

/** Literal strings, compared whole or at an edge or anywhere. */
export interface StringMatcher {
  readonly kind: 'String';
  readonly test: StringTest;
  readonly cased: boolean;
  /** As written, escapes read. */
  readonly values: readonly string[];
  /** What to compare with: `values`, in folded case unless `cased`. */
  readonly needles: readonly string[];
}

/** Strings with wildcards that are more than an edge test; the whole value must fit. `*` crosses newlines. */
export interface PatternMatcher {
  readonly kind: 'Pattern';
  readonly cased: boolean;
  readonly values: readonly (readonly StringPart[])[];
  /** `values`, in folded case unless `cased`. */
  readonly needles: readonly (readonly StringPart[])[];
}

/** Numbers; a string that is the same decimal number is equal. */
export interface NumberMatcher {
  readonly kind: 'Number';
  readonly values: readonly number[];
}

/** A boolean; the strings true and false are equal to it, in any case. */
export interface BooleanMatcher {
  readonly kind: 'Boolean';
  readonly value: boolean;
}

/** The field has no value other than null: it is missing, null, or an array of nothing else. The complement of Present. */
export interface NullMatcher {
  readonly kind: 'Null';
}

/** A lone `*`: the field has a value other than null, of any type. */
export interface PresentMatcher {
  readonly kind: 'Present';
}

/** The field is there, whatever its value (null and empty included), or is not. */
export interface ExistsMatcher {
  readonly kind: 'Exists';
  readonly expected: boolean;
}

export interface RegexMatcher {
  readonly kind: 'Regex';
  readonly patterns: readonly RegexPattern[];
}

export interface NetworkMatcher {
  readonly kind: 'Network';
  readonly networks: readonly Network[];
}

/** A number, or a string that is a decimal number, compared with each value. */
export interface ComparisonMatcher {
  readonly kind: 'Comparison';
  readonly operator: ComparisonOperator;
  readonly values: readonly number[];
}

/** A part of a date and time, as written in the field, compared. */
export interface TimePartMatcher {
  readonly kind: 'TimePart';
  readonly part: TimePart;
  readonly operand: NumberMatcher | ComparisonMatcher;
}

/** The value of another field; false where either has none. */
export interface FieldMatcher {
  readonly kind: 'FieldValue';
  readonly field: FieldReference;
  readonly test: StringTest;
  readonly cased: boolean;
}
