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
  apply(value: ItemValue, context: ModifierContext): ItemValue | Refusal {
    switch (value.kind) {
      case 'String':
        return regexValue(value.raw, context);
      case 'Number':
        return regexValue(value.text, context);
      case 'Boolean':
        return regexValue(String(value.value), context);
      default:
        return refuseKind('re', TAKES, describeKind(value.kind));
    }
  },
};

function regexValue(source: string, { limits, budget }: ModifierContext): ItemValue | Refusal {
  if (source.length > limits.maxRegexLength) {
    const message = `The regular expression has ${source.length} characters; ${limits.maxRegexLength} are allowed.`;
    return refuse('InvalidRegex', message, 'Write several shorter expressions.');
  }
  const pattern: RegexPattern = { source, ignoreCase: false, multiline: false, dotAll: false };
  const size = programSize(pattern);
  if (typeof size === 'string') return refuse('InvalidRegex', `The regular expression is not supported: ${size}.`);
  if (!budget.spendRegex(size)) {
    const message = `The regular expressions of the rule compile to more than ${limits.maxRegexInstructions} instructions.`;
    return refuse('InvalidRegex', message, 'Write fewer, or with smaller repetitions.');
  }
  return { kind: 'Regex', pattern };
}

/** The size of the compiled program, or what is wrong with the expression. */
function programSize(pattern: RegexPattern): number | string {
  try {
    return compileRegex(pattern).programSize();
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).slice(0, 200);
  }
}
