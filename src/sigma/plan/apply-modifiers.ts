import { type Modifier, type ModifierContext, type Refusal, refuse, refuseKind } from '../modifiers/modifier.ts';
import { describeKind, type ItemValue, itemValue } from '../values/item-value.ts';
import type { YamlScalar } from '../yaml/tree.ts';
import { type BuildContext, placeOf } from './build-context.ts';

/**
 * Applies the modifiers from left to right to each value: one group of variants for each value (any variant matches). Reports the first refusal and
 * returns undefined then.
 */
export function applyModifiers(
  scalars: readonly YamlScalar[],
  modifiers: readonly Modifier[],
  context: BuildContext,
  path: string,
): readonly (readonly ItemValue[])[] | undefined {
  const [first] = scalars;
  // Once a document has spent its budget, which was reported, nothing more is built of it.
  if (first === undefined || context.budget.isExhausted) return undefined;
  const refuseAt = (scalar: YamlScalar, refusal: Refusal): undefined => {
    context.sink.report(refusal.code, placeOf(context, scalar), refusal.message, path, refusal.remedy);
    return undefined;
  };
  const misplaced = misplacedModifier(modifiers);
  if (misplaced !== undefined) return refuseAt(first, misplaced);
  if (scalars.length === 1 && modifiers.some((m) => m.kind === 'item' && m.effect === 'all')) {
    const message = 'The modifier all stands on a single value.';
    context.sink.report('AllWithSingleValue', placeOf(context, first), message, path);
  }
  const groups: (readonly ItemValue[])[] = [];
  for (const scalar of scalars) {
    const variants = variantsOf(scalar, modifiers, context);
    if ('kind' in variants) return refuseAt(scalar, variants);
    if (!variants.every((value) => context.budget.spendValue(unitsOf(value))))
      return refuseAt(scalar, tooManyValues(context));
    groups.push(variants);
  }
  return groups;
}

function variantsOf(
  scalar: YamlScalar,
  modifiers: readonly Modifier[],
  context: ModifierContext,
): readonly ItemValue[] | Refusal {
  let variants: readonly ItemValue[] = [itemValue(scalar)];
  for (const modifier of modifiers) {
    const changed = changeAll(variants, modifier, context);
    if ('kind' in changed) return changed;
    variants = changed;
  }
  return variants;
}

function changeAll(
  variants: readonly ItemValue[],
  modifier: Modifier,
  context: ModifierContext,
): readonly ItemValue[] | Refusal {
  if (modifier.kind === 'item') return variants;
  const { maxVariants, maxValueUnits } = context.limits;
  const changed: ItemValue[] = [];
  let units = 0;
  for (const value of variants) {
    const result = modifier.accepts.includes(value.kind)
      ? modifier.apply(value, context)
      : refuseKind(modifier.name, modifier.takes, describeKind(value.kind));
    if ('kind' in result && result.kind === 'Refusal') return result;
    for (const variant of 'kind' in result ? [result] : result) {
      changed.push(variant);
      units += unitsOf(variant);
    }
    if (changed.length > maxVariants)
      return refuse('TooManyVariants', `One value expands to more than ${maxVariants} variants.`);
    if (units > maxValueUnits) return tooManyValues(context);
  }
  return changed;
}

function tooManyValues({ limits }: ModifierContext): Refusal {
  const message = `The values are more than ${limits.maxValues}, or longer than ${limits.maxValueUnits} characters together.`;
  return refuse('TooManyValues', message);
}

function unitsOf(value: ItemValue): number {
  if (value.kind !== 'String') return 1;
  return value.parts.reduce((units, part) => units + (typeof part === 'string' ? part.length : 1), 1);
}

function misplacedModifier(modifiers: readonly Modifier[]): Refusal | undefined {
  for (const [index, modifier] of modifiers.entries()) {
    if (modifier.alone === true && modifiers.length > 1) {
      const message = `The modifier ${modifier.name} must be the only one.`;
      return refuse('ModifierNotApplicable', message, 'Remove the other modifiers.');
    }
    if (modifier.first === true && modifiers.slice(0, index).some((before) => before.kind === 'value')) {
      const message = `The modifier ${modifier.name} must be the first.`;
      return refuse('ModifierNotApplicable', message, `Write ${modifier.name} directly behind the field.`);
    }
  }
  return undefined;
}
