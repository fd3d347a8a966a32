import { describeKind } from '../values/item-value.ts';
import type { RegexPattern } from '../values/regex.ts';
import { refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a regular expression (write re before it)';

/** A flag of the `re` modifier, by its letter and its long name. */
export function regexFlagModifier(
  name: string,
  longName: string,
  flag: Exclude<keyof RegexPattern, 'source'>,
): ValueModifier {
  return {
    kind: 'value',
    name,
    aliases: [longName],
    takes: TAKES,
    accepts: ['Regex'],
    apply: (value) =>
      value.kind === 'Regex'
        ? { kind: 'Regex', pattern: { ...value.pattern, [flag]: true } }
        : refuseKind(name, TAKES, describeKind(value.kind)),
  };
}
