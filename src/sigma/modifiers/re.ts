import { describeKind, type ItemValue } from '../values/item-value.ts';
import { compileRegex, type RegexPattern } from '../values/regex.ts';
import { type ModifierContext, type Refusal, refuse, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string';

/** The value is a regular expression, case-sensitive, found anywhere in the field (v2.2 draft); RE2 syntax, linear time. */
export const re: ValueModifier = {
  kind: 'value',
  name: 're',
  aliases: [],
  takes: TAKES,
  accepts: ['String', 'Number', 'Boolean'],
  first: true,
  apply(value: ItemValue, { limits }: ModifierContext): ItemValue | Refusal {
    if (value.kind !== 'String' && value.kind !== 'Number' && value.kind !== 'Boolean')
      return refuseKind('re', TAKES, describeKind(value.kind));
    const source = value.kind === 'String' ? value.raw : value.kind === 'Number' ? value.text : String(value.value);
    if (source.length > limits.maxRegexLength) {
      return refuse(
        'InvalidRegex',
        `The regular expression has ${source.length} characters; ${limits.maxRegexLength} are allowed.`,
        'Write several shorter expressions.',
      );
    }
    const pattern: RegexPattern = { source, ignoreCase: false, multiline: false, dotAll: false };
    const problem = regexProblem(pattern);
    return problem === undefined
      ? { kind: 'Regex', pattern }
      : refuse('InvalidRegex', `The regular expression is not supported: ${problem}.`);
  },
};

function regexProblem(pattern: RegexPattern): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).slice(0, 200);
  }
}
