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
  const report = (scalar: YamlScalar | undefined, refusal: Refusal): undefined => {
    const place = scalar === undefined ? context.sink.source.place(0) : placeOf(context, scalar);
    context.sink.report(refusal.code, place, refusal.message, path, refusal.remedy);
    return undefined;
  };
  const misplaced = misplacedModifier(modifiers);
  if (misplaced !== undefined) return report(scalars[0], misplaced);
  if (scalars.length === 1 && modifiers.some((m) => m.kind === 'item' && m.effect === 'all')) {
    context.sink.report(
      'AllWithSingleValue',
      placeOf(context, scalars[0] ?? { start: 0, end: 0 }),
      'The modifier all stands on a single value.',
      path,
    );
  }
  const groups: (readonly ItemValue[])[] = [];
  for (const scalar of scalars) {
    let variants: readonly ItemValue[] = [itemValue(scalar)];
    for (const modifier of modifiers) {
      const changed = changeAll(variants, modifier, context);
      if ('kind' in changed) return report(scalar, changed);
      variants = changed;
    }
    groups.push(variants);
  }
  return groups;
}

function changeAll(
  variants: readonly ItemValue[],
  modifier: Modifier,
  context: ModifierContext,
): readonly ItemValue[] | Refusal {
  if (modifier.kind === 'item') return variants;
  const changed: ItemValue[] = [];
  for (const value of variants) {
    const result = modifier.accepts.includes(value.kind)
      ? modifier.apply(value, context)
      : refuseKind(modifier.name, modifier.takes, describeKind(value.kind));
    if (!('kind' in result)) changed.push(...result);
    else if (result.kind === 'Refusal') return result;
    else changed.push(result);
    if (changed.length > context.limits.maxVariants) {
      return refuse('TooManyVariants', `One value expands to more than ${context.limits.maxVariants} variants.`);
    }
  }
  return changed;
}

function misplacedModifier(modifiers: readonly Modifier[]): Refusal | undefined {
  for (const [index, modifier] of modifiers.entries()) {
    if (modifier.alone === true && modifiers.length > 1) {
      return refuse(
        'ModifierNotApplicable',
        `The modifier ${modifier.name} must be the only one.`,
        'Remove the other modifiers.',
      );
    }
    if (modifier.first === true && modifiers.slice(0, index).some((before) => before.kind === 'value')) {
      return refuse(
        'ModifierNotApplicable',
        `The modifier ${modifier.name} must be the first.`,
        `Write ${modifier.name} directly behind the field.`,
      );
    }
  }
  return undefined;
}
