import type { ComparisonMatcher, Matcher, NumberMatcher } from '../plan/matcher.ts';
import type { StringTest } from '../values/item-value.ts';
import { printSigmaString } from '../values/sigma-string.ts';
import { visibleValue } from './visible-value.ts';

const MAX_VALUES = 10;
const TESTS: Readonly<Record<StringTest, string>> = {
  equals: 'is',
  startswith: 'starts with',
  endswith: 'ends with',
  contains: 'contains',
};
const COMPARISONS = { lt: '<', lte: '≤', gt: '>', gte: '≥' } as const;

/** A matcher in words, to stand behind the name of a field: `is one of "create", "delete"`. */
export function describeMatcher(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'String':
      return `${TESTS[matcher.test]} ${oneOf(matcher.values.map(visibleValue))}${matcher.cased ? ' (cased)' : ''}`;
    case 'Pattern':
      return `is like ${oneOf(matcher.values.map((parts) => visibleValue(printSigmaString(parts))))}${matcher.cased ? ' (cased)' : ''}`;
    case 'Number':
    case 'Comparison':
      return describeNumber(matcher);
    case 'Boolean':
      return `is ${matcher.value}`;
    case 'Null':
      return 'is missing or null';
    case 'Present':
      return 'has a value';
    case 'Exists':
      return matcher.expected ? 'exists' : 'does not exist';
    case 'Regex':
      return `matches ${oneOf(matcher.patterns.map((p) => `/${p.source}/${p.ignoreCase ? 'i' : ''}${p.multiline ? 'm' : ''}${p.dotAll ? 's' : ''}`))}`;
    case 'Network':
      return `is in ${oneOf(matcher.networks.map(({ text }) => text))}`;
    case 'TimePart':
      return `has a ${matcher.part} that ${describeNumber(matcher.operand)}`;
    case 'FieldValue':
      return `${TESTS[matcher.test]} the value of ${matcher.field.name}`;
    default:
      return matcher satisfies never;
  }
}

function describeNumber(matcher: NumberMatcher | ComparisonMatcher): string {
  const operator = matcher.kind === 'Number' ? 'is' : `is ${COMPARISONS[matcher.operator]}`;
  return `${operator} ${oneOf(matcher.values.map(String))}`;
}

function oneOf(values: readonly string[]): string {
  const shown = values.slice(0, MAX_VALUES).join(', ');
  const more = values.length > MAX_VALUES ? `, … (${values.length} values)` : '';
  return values.length === 1 ? shown : `one of ${shown}${more}`;
}
