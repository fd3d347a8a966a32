import { asString, type ItemValue } from '../values/item-value.ts';
import { joinParts, MANY } from '../values/sigma-string.ts';
import type { Matcher, StringMatcher } from './matcher.ts';
import { matchersOf } from './matchers-of.ts';
import type { KeywordMatcher } from './nodes.ts';

/** A keyword of wildcards alone is found in every value. */
const ANYTHING: StringMatcher = { kind: 'String', test: 'contains', cased: false, values: [''], needles: [''] };

/**
 * Keywords are found anywhere in a value, so each is opened on both sides. Undefined where a value is no string, number, boolean or regular expression.
 */
export function keywordMatchersOf(values: readonly ItemValue[]): readonly KeywordMatcher[] | undefined {
  const opened: ItemValue[] = [];
  for (const value of values) {
    if (value.kind === 'Regex') {
      opened.push(value);
    } else if (value.kind === 'String' || value.kind === 'Number' || value.kind === 'Boolean') {
      const string = asString(value);
      opened.push({ ...string, parts: joinParts([MANY, ...string.parts, MANY]) });
    } else {
      return undefined;
    }
  }
  return matchersOf(opened, noField).map((matcher) => (isKeywordMatcher(matcher) ? matcher : ANYTHING));
}

function isKeywordMatcher(matcher: Matcher): matcher is KeywordMatcher {
  return matcher.kind === 'String' || matcher.kind === 'Pattern' || matcher.kind === 'Regex';
}

function noField(name: string): never {
  throw new Error(`keywords refer to no field (${name})`);
}
