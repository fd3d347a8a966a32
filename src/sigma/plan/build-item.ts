import { nearestName } from '../condition/select.ts';
import { mappedPaths } from '../mapping/field-mapping.ts';
import type { Modifier } from '../modifiers/modifier.ts';
import { MODIFIER_TABLE } from '../modifiers/table.ts';
import type { Place } from '../source-text.ts';
import type { ItemValue } from '../values/item-value.ts';
import type { YamlEntry, YamlScalar } from '../yaml/tree.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { type BuildContext, type BuildScope, placeOf } from './build-context.ts';
import type { FieldReference, PathSegment } from './field.ts';
import { type FieldStep, parseFieldName, splitFieldName } from './field-name.ts';
import { all, any } from './join.ts';
import { keywordMatchersOf } from './keyword-matchers.ts';
import { matchersOf } from './matchers-of.ts';
import type { ItemOrigin, PlanNode } from './nodes.ts';
import { divertMappedValues } from './value-mapping.ts';

/** A key of a detection map, taken apart. */
export interface ItemKey {
  /** Empty for keywords. */
  readonly field: string;
  readonly steps: readonly FieldStep[];
  readonly modifiers: readonly Modifier[];
  readonly origin: ItemOrigin;
  readonly place: Place;
}

/** Takes `field|modifier|modifier` apart. Reports and returns undefined where the field name or a modifier is wrong. */
export function parseItemKey(key: YamlScalar, context: BuildContext, scope: BuildScope): ItemKey | undefined {
  const [field = '', ...names] = key.text.split('|');
  const { limits, sink } = context;
  const modifiers: Modifier[] = [];
  const path = `${scope.path}.${key.text}`;
  if (field.length > limits.maxFieldLength || splitFieldName(field).length > limits.maxFieldSegments) {
    const message = `A field name has at most ${limits.maxFieldLength} characters and ${limits.maxFieldSegments} parts.`;
    sink.report('FieldNameTooLong', placeOf(context, key), message, scope.path);
    return undefined;
  }
  if (names.length > limits.maxModifiers) {
    sink.report('TooManyModifiers', placeOf(context, key), `The field has ${names.length} modifiers.`, scope.path);
    return undefined;
  }
  let at = key.start + field.length + 1;
  for (const name of names) {
    const modifier = MODIFIER_TABLE.get(name);
    if (modifier === undefined) {
      const nearest = nearestName(name, [...MODIFIER_TABLE.keys()]);
      const exact = sink.source.text.startsWith(name, at);
      const place = exact ? sink.source.place(at, at + name.length) : placeOf(context, key);
      const remedy = nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
      sink.report('UnknownModifier', place, `The modifier ${JSON.stringify(name)} does not exist.`, path, remedy);
      return undefined;
    }
    at += name.length + 1;
    modifiers.push(modifier);
  }
  const steps = context.arrays ? parseFieldName(field) : [{ segments: splitFieldName(field), quantifier: undefined }];
  if (steps === undefined) {
    sink.report(
      'InvalidSelector',
      placeOf(context, key),
      `The array selector in ${JSON.stringify(field)} is malformed.`,
      path,
    );
    return undefined;
  }
  const origin: ItemOrigin = { selection: scope.selection, key: key.text, modifiers: names };
  return { field, steps, modifiers, origin, place: placeOf(context, key) };
}

/** The node for a detection item whose value is a scalar or a list of scalars. */
export function buildItem(
  entry: YamlEntry,
  key: ItemKey,
  context: BuildContext,
  scope: BuildScope,
): PlanNode | undefined {
  const path = `${scope.path}.${entry.key.text}`;
  const scalars = readScalars(entry, context, path);
  const groups = scalars === undefined ? undefined : applyModifiers(scalars, key.modifiers, context, path);
  if (groups === undefined) return undefined;
  const effects = key.modifiers.map((modifier) => (modifier.kind === 'item' ? modifier.effect : undefined));
  const alternatives = effects.includes('all') ? groups : [groups.flat()];
  const nodes = alternatives.map((values) => valuesNode(values, key, context, scope));
  const node = all(
    nodes.filter((n) => n !== undefined),
    key.place,
  );
  if (nodes.includes(undefined)) return undefined;
  return effects.includes('not') ? { kind: 'Not', operand: node, place: key.place } : node;
}

/** The node for values of which any may match. */
function valuesNode(
  values: readonly ItemValue[],
  key: ItemKey,
  context: BuildContext,
  scope: BuildScope,
): PlanNode | undefined {
  const { origin: item, place } = key;
  if (key.field === '') {
    const matchers = keywordMatchersOf(values);
    if (matchers !== undefined)
      return any(
        matchers.map((matcher) => ({ kind: 'Keyword', matcher, item, place })),
        place,
      );
    context.sink.report(
      'ModifierNotApplicable',
      place,
      'Keywords are strings, numbers or regular expressions; this needs a field.',
      scope.path,
    );
    return undefined;
  }
  const fieldOf = (name: string): FieldReference => fieldReference(name, splitFieldName(name), context, scope);
  return wrapSteps(key, context, scope, (field, inElement) => {
    const { kept, diverted } = inElement
      ? { kept: values, diverted: [] }
      : divertMappedValues(context.mapping, key.field, values);
    const nodes = matchersOf(kept, fieldOf).map(
      (matcher): PlanNode => ({ kind: 'Predicate', field, matcher, item, place }),
    );
    for (const { path, becomes } of diverted) {
      const mappedField: FieldReference = { kind: 'Field', name: key.field, path, mapped: [] };
      for (const matcher of matchersOf([becomes], fieldOf))
        nodes.push({ kind: 'Predicate', field: mappedField, matcher, item, place });
    }
    return any(nodes, place);
  });
}

/** Wraps the node for the last field of a name in one Elements node for each quantifier of the name. */
export function wrapSteps(
  key: ItemKey,
  context: BuildContext,
  scope: BuildScope,
  inner: (field: FieldReference, inElement: boolean) => PlanNode | undefined,
): PlanNode | undefined {
  const steps =
    key.steps.at(-1)?.quantifier === undefined ? key.steps : [...key.steps, { segments: [], quantifier: undefined }];
  const build = (index: number, inElement: boolean): PlanNode | undefined => {
    const step = steps[index];
    if (step === undefined) return undefined;
    const name = index === 0 && step.quantifier === undefined ? key.field : step.segments.join('.');
    const field = fieldReference(name, step.segments, context, { ...scope, inElement });
    if (step.quantifier === undefined) return inner(field, inElement);
    const body = build(index + 1, true);
    if (body === undefined) return undefined;
    return { kind: 'Elements', field, quantifier: step.quantifier, body, item: key.origin, place: key.place };
  };
  return build(0, scope.inElement);
}

function fieldReference(
  name: string,
  segments: readonly PathSegment[],
  context: BuildContext,
  scope: BuildScope,
): FieldReference {
  const mapped = scope.inElement ? [] : mappedPaths(context.mapping, name);
  return { kind: 'Field', name, path: { root: 'event', segments }, mapped };
}

/** The scalars of an item. null in a list is tolerated; an empty list is null, as in pySigma. */
function readScalars(entry: YamlEntry, context: BuildContext, path: string): readonly YamlScalar[] | undefined {
  const { value } = entry;
  const { sink } = context;
  if (value.kind === 'scalar') return [value];
  if (value.kind === 'mapping') {
    sink.report(
      'NestedMap',
      placeOf(context, entry.key),
      `The field ${JSON.stringify(entry.key.text)} has a map as its value.`,
      path,
    );
    return undefined;
  }
  if (value.items.length === 0) {
    sink.report('EmptyValueList', placeOf(context, value), 'The list of values is empty.', path);
    return [{ kind: 'scalar', value: null, text: '', start: value.start, end: value.end }];
  }
  const scalars: YamlScalar[] = [];
  for (const item of value.items) {
    if (item.kind !== 'scalar') {
      sink.report('InvalidItem', placeOf(context, item), 'A list of values has an element that is no scalar.', path);
      return undefined;
    }
    if (item.value === null)
      sink.report('NullInList', placeOf(context, item), 'null stands in a list of values.', path);
    scalars.push(item);
  }
  return scalars;
}
