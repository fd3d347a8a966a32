import type { RE2JS } from 're2js';
import type {
  ComparisonMatcher,
  Matcher,
  NumberMatcher,
  PatternMatcher,
  RegexMatcher,
  StringMatcher,
} from '../plan/matcher.ts';
import { foldCase } from '../values/fold.ts';
import type { ComparisonOperator, StringTest } from '../values/item-value.ts';
import { networkContains } from '../values/network.ts';
import { compileRegex, type RegexPattern } from '../values/regex.ts';
import { matchesPattern } from './pattern.ts';
import { scalarNumber, scalarText } from './scalar-text.ts';
import { timePart } from './time-part.ts';

/** Matchers that look at one value at a time; Null, Present, Exists and FieldValue look at all values of a field. */
export type ValueMatcher = Exclude<Matcher, { kind: 'Null' | 'Present' | 'Exists' | 'FieldValue' }>;

/** Whether one value of a field (never an array) satisfies a matcher. */
export function matchesValue(matcher: ValueMatcher, value: unknown): boolean {
  switch (matcher.kind) {
    case 'String':
      return matchesText(value, (text) => matchesString(matcher, text));
    case 'Pattern':
      return matchesText(value, (text) => matchesPatterns(matcher, text));
    case 'Regex':
      return matchesText(value, (text) => matchesRegex(matcher, text));
    case 'Network':
      return matchesText(value, (text) => matcher.networks.some((network) => networkContains(network, text)));
    case 'Number':
    case 'Comparison':
      return matchesNumber(matcher, scalarNumber(value));
    case 'Boolean':
      return matchesText(value, (text) => foldCase(text) === String(matcher.value));
    case 'TimePart':
      return typeof value === 'string' && matchesNumber(matcher.operand, timePart(value, matcher.part));
    default:
      return matcher satisfies never;
  }
}

function matchesText(value: unknown, test: (text: string) => boolean): boolean {
  const text = scalarText(value);
  return text !== undefined && test(text);
}

function matchesString(matcher: StringMatcher, text: string): boolean {
  const subject = matcher.cased ? text : foldCase(text);
  return matcher.needles.some((needle) => testString(matcher.test, subject, needle));
}

/** Whether `subject` equals, begins with, ends with or contains `needle`. */
export function testString(test: StringTest, subject: string, needle: string): boolean {
  switch (test) {
    case 'equals':
      return subject === needle;
    case 'startswith':
      return subject.startsWith(needle);
    case 'endswith':
      return subject.endsWith(needle);
    case 'contains':
      return subject.includes(needle);
    default:
      return test satisfies never;
  }
}

function matchesPatterns(matcher: PatternMatcher, text: string): boolean {
  const subject = matcher.cased ? text : foldCase(text);
  return matcher.needles.some((needle) => matchesPattern(needle, subject));
}

/** Compiled once for each pattern of a plan, for as long as the plan lives. */
const COMPILED = new WeakMap<RegexPattern, RE2JS>();

function matchesRegex(matcher: RegexMatcher, text: string): boolean {
  return matcher.patterns.some((pattern) => {
    let compiled = COMPILED.get(pattern);
    if (compiled === undefined) {
      compiled = compileRegex(pattern);
      COMPILED.set(pattern, compiled);
    }
    return compiled.test(text);
  });
}

function matchesNumber(matcher: NumberMatcher | ComparisonMatcher, number: number | undefined): boolean {
  if (number === undefined) return false;
  if (matcher.kind === 'Number') return matcher.values.includes(number);
  return matcher.values.some((value) => compare(matcher.operator, number, value));
}

function compare(operator: ComparisonOperator, left: number, right: number): boolean {
  switch (operator) {
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    default:
      return operator satisfies never;
  }
}
