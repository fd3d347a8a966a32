import type { FieldMatcher } from '../plan/matcher.ts';
import { foldCase } from '../values/fold.ts';
import type { FieldValues } from './field-values.ts';
import { flatten } from './lookup.ts';
import { testString } from './match-value.ts';
import { scalarText } from './scalar-text.ts';
import type { Truth } from './truth.ts';

/** Pairs of values that are compared at most: both sides come from the event. */
const MAX_PAIRS = 100_000;

/**
 * Whether any value of a field stands to any value of another field as the matcher demands; false where either has none. Equality is linear in
 * the values; for the other tests an event with more pairs than the limit is unknown.
 */
export function matchesFields(matcher: FieldMatcher, left: FieldValues, right: FieldValues): Truth {
  const subjects = textsOf(left, matcher.cased);
  const needles = textsOf(right, matcher.cased);
  if (matcher.test === 'equals') {
    const set = new Set(needles);
    if (subjects.some((subject) => set.has(subject))) return true;
  } else {
    if (subjects.length * needles.length > MAX_PAIRS) return 'unknown';
    const { test } = matcher;
    if (subjects.some((subject) => needles.some((needle) => testString(test, subject, needle)))) return true;
  }
  const leftCanHold = left.incomplete || subjects.length > 0;
  const rightCanHold = right.incomplete || needles.length > 0;
  return (left.incomplete || right.incomplete) && leftCanHold && rightCanHold ? 'unknown' : false;
}

function textsOf(values: FieldValues, cased: boolean): readonly string[] {
  const texts = flatten(values.found).map(scalarText);
  return texts.filter((text) => text !== undefined).map((text) => (cased ? text : foldCase(text)));
}
