import { describeKind, type ItemValue, type StringValue } from '../values/item-value.ts';
import { joinParts, type StringPart } from '../values/sigma-string.ts';
import { type ModifierContext, type Refusal, refuse, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string with placeholders';
/** `\%` is a literal percent sign; `%name%` is a placeholder. */
const PLACEHOLDER = /(\\%)|%([^%\\\s]+)%/;

/** Replaces each `%name%` by the values of the placeholder, taken literally; without values the rule is refused (specification). */
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
      const choices = isPlaceholder(piece) ? placeholders?.(piece.placeholder) : [piece];
      if (choices === undefined || choices.length === 0) {
        const name = isPlaceholder(piece) ? piece.placeholder : '';
        return refuse('UnresolvedPlaceholder', `The placeholder %${name}% has no values.`);
      }
      if (variants.length * choices.length > limits.maxVariants) {
        return refuse('TooManyVariants', `The placeholders make more than ${limits.maxVariants} variants.`);
      }
      variants = variants.flatMap((variant) => choices.map((choice) => [...variant, choice]));
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
