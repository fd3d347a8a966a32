import { describeKind, type ItemValue, type StringValue } from '../values/item-value.ts';
import { joinParts, parseSigmaString, type StringPart } from '../values/sigma-string.ts';
import { type ModifierContext, type Refusal, refuse, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string with placeholders';
/** `\%` is a literal percent sign; `%name%` is a placeholder. */
const PLACEHOLDER = /(\\%)|%([^%\\\s]+)%/;

/**
 * Replaces each `%name%` by the values of the placeholder, which are strings of Sigma: they may be patterns such as `srv*` (specification). Without
 * values the rule is refused.
 */
export const expand: ValueModifier = {
  kind: 'value',
  name: 'expand',
  aliases: [],
  takes: TAKES,
  accepts: ['String'],
  apply(value: ItemValue, { limits, placeholders }: ModifierContext): readonly ItemValue[] | Refusal {
    if (value.kind !== 'String') return refuseKind('expand', TAKES, describeKind(value.kind));
    let variants: readonly (readonly StringPart[])[] = [[]];
    for (const piece of value.parts.flatMap((part): (StringPart | Placeholder)[] =>
      typeof part === 'string' ? splitAtPlaceholders(part) : [part],
    )) {
      if (!isPlaceholder(piece)) {
        variants = variants.map((variant) => [...variant, piece]);
        continue;
      }
      const choices = placeholders?.(piece.placeholder) ?? [];
      if (choices.length === 0)
        return refuse('UnresolvedPlaceholder', `The placeholder %${piece.placeholder}% has no values.`);
      if (variants.length * choices.length > limits.maxVariants) {
        return refuse('TooManyVariants', `The placeholders make more than ${limits.maxVariants} variants.`);
      }
      const patterns = choices.map(parseSigmaString);
      variants = variants.flatMap((variant) => patterns.map((pattern) => [...variant, ...pattern]));
    }
    return variants.map((parts): StringValue => ({ ...value, parts: joinParts(parts) }));
  },
};

interface Placeholder {
  readonly placeholder: string;
}

function isPlaceholder(piece: StringPart | Placeholder): piece is Placeholder {
  return typeof piece === 'object' && 'placeholder' in piece;
}

function splitAtPlaceholders(text: string): (string | Placeholder)[] {
  const pieces: (string | Placeholder)[] = [];
  let rest = text;
  for (let found = PLACEHOLDER.exec(rest); found !== null; found = PLACEHOLDER.exec(rest)) {
    const [whole, escaped, name = ''] = found;
    pieces.push(rest.slice(0, found.index), escaped === undefined ? { placeholder: name } : '%');
    rest = rest.slice(found.index + whole.length);
  }
  return [...pieces, rest];
}
