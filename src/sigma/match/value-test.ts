import { matchesValue, type ValueMatcher } from '../evaluate/match-value.ts';
import { matchesPattern } from '../evaluate/pattern.ts';
import type { EventView } from './event-view.ts';
import type { MatchField } from './match-field.ts';
import { stringListTest } from './string-list.ts';

/** Whether any value of the field in the event satisfies a matcher. */
export type ValueTest = (field: MatchField, view: EventView) => boolean;

/** Prepares a matcher, with the results of `matchesValue`. */
export function valueTest(matcher: ValueMatcher): ValueTest {
  switch (matcher.kind) {
    case 'String':
      return onTexts(matcher.cased, stringListTest(matcher.test, matcher.needles));
    case 'Pattern':
      return onTexts(matcher.cased, (text) => matcher.needles.some((needle) => matchesPattern(needle, text)));
    default:
      return (field, view) => field.flat(view).some((value) => matchesValue(matcher, value));
  }
}

function onTexts(cased: boolean, test: (text: string) => boolean): ValueTest {
  return cased
    ? (field, view) => field.texts(view).some((text) => test(text))
    : (field, view) => field.folded(view).some((text) => test(text));
}
