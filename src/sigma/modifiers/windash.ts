import { describeKind, type ItemValue, type StringValue } from '../values/item-value.ts';
import { joinParts, type StringPart } from '../values/sigma-string.ts';
import { type ModifierContext, type Refusal, refuse, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string';
const DASHES = Object.freeze(['-', '/', '\u2013', '\u2014', '\u2015']);
/** A dash or slash that begins an option: no word character before it, one behind it. */
const OPTION_DASH = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/u;

const DASH: unique symbol = Symbol('dash');
type Piece = StringPart | typeof DASH;

/** Every permutation of the dashes that Windows programs take for one another, where they begin an option. */
export const windash: ValueModifier = {
  kind: 'value',
  name: 'windash',
  aliases: [],
  takes: TAKES,
  accepts: ['String'],
  apply(value: ItemValue, { limits }: ModifierContext): readonly ItemValue[] | Refusal {
    if (value.kind !== 'String') return refuseKind('windash', TAKES, describeKind(value.kind));
    const pieces = value.parts.flatMap((part): Piece[] => (typeof part === 'string' ? splitAtDashes(part) : [part]));
    const dashes = pieces.filter((piece) => piece === DASH).length;
    if (DASHES.length ** dashes > limits.maxVariants) {
      return refuse(
        'TooManyVariants',
        `${dashes} dashes make ${DASHES.length ** dashes} variants; ${limits.maxVariants} are allowed.`,
      );
    }
    let variants: readonly (readonly StringPart[])[] = [[]];
    for (const piece of pieces) {
      const choices: readonly StringPart[] = piece === DASH ? DASHES : [piece];
      variants = variants.flatMap((variant) => choices.map((choice) => [...variant, choice]));
    }
    return variants.map((parts): StringValue => ({ ...value, parts: joinParts(parts) }));
  },
};

function splitAtDashes(text: string): Piece[] {
  return text.split(OPTION_DASH).flatMap((piece, i): Piece[] => (i === 0 ? [piece] : [DASH, piece]));
}
