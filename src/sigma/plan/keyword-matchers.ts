import type { ItemValue } from '../values/item-value.ts';
import { asString } from '../values/item-value.ts';
import { joinParts, MANY, ONE } from '../values/sigma-string.ts';
import { matchersOf } from './matchers-of.ts';
import type { KeywordNode } from './nodes.ts';

/**
 * Keywords are found anywhere in a value, so each is opened on both sides. Undefined where a value is no string, number, boolean or regular expression.
 */
export function keywordMatchersOf(values: readonly ItemValue[]): readonly KeywordNode['matcher'][] | undefined {
  const opened: ItemValue[] = [];
  for (const value of values) {
    if (value.kind === 'Regex') {
      opened.push(value);
    } else if (value.kind === 'String' || value.kind === 'Number' || value.kind === 'Boolean') {
      const string = asString(value);
      const parts = joinParts([MANY, ...string.parts, MANY]);
      // A keyword of wildcards alone fits any value; as a pattern it stays a test of strings.
      opened.push({ ...string, parts: parts.length === 1 ? [MANY, ONE, MANY] : parts });
    } else {
      return undefined;
    }
  }
  return matchersOf(opened, (name) => ({
    kind: 'Field',
    name,
    path: { root: 'event', segments: [] },
    mapped: [],
  })) as readonly KeywordNode['matcher'][];
}
