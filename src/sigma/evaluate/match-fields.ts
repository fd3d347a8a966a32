import type { FieldMatcher } from '../plan/matcher.ts';
import { foldCase } from '../values/fold.ts';
import type { FieldValues } from './field-values.ts';
import { flatten } from './lookup.ts';
import { testString } from './match-value.ts';
import { scalarText } from './scalar-text.ts';
import type { Truth } from './truth.ts';

/** Whether any value of a field stands to any value of another field as the matcher demands; false where either has none. */
export function matchesFields(matcher: FieldMatcher, left: FieldValues, right: FieldValues): Truth {
  const subjects = textsOf(left, matcher.cased);
  const needles = textsOf(right, matcher.cased);
  const related =
    matcher.test === 'equals'
      ? intersects(subjects, needles)
      : subjects.some((subject) => needles.some((needle) => testString(matcher.test, subject, needle)));
  if (related) return true;
  const open =
    (left.incomplete && (right.incomplete || needles.length > 0)) || (right.incomplete && subjects.length > 0);
  return open ? 'unknown' : false;
}

function textsOf(values: FieldValues, cased: boolean): readonly string[] {
  const texts = flatten(values.found).map(scalarText);
  return texts.filter((text) => text !== undefined).map((text) => (cased ? text : foldCase(text)));
}

function intersects(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(b);
  return a.some((text) => set.has(text));
}
