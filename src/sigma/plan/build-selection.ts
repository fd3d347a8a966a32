import type { YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence } from '../yaml/tree.ts';
import { type BuildContext, type BuildScope, placeOf } from './build-context.ts';
import { buildElementBody } from './build-elements.ts';
import { buildItem, type ItemKey, parseItemKey, wrapSteps } from './build-item.ts';
import { all, any } from './join.ts';
import type { PlanNode } from './nodes.ts';

/**
 * The node for what stands under a search identifier (specification, "Detection"): a map is the And of its items, a list of maps is an Or, a list of
 * scalars is keywords; in a mixed list (not described by the specification) each element is a detection of its own, joined by Or, as in pySigma.
 */
export function buildSelection(
  name: string,
  node: YamlNode,
  context: BuildContext,
  scope: BuildScope,
): PlanNode | undefined {
  switch (node.kind) {
    case 'mapping':
      return buildMap(node, context, scope);
    case 'sequence':
      return buildList(node, context, scope);
    case 'scalar':
      if (node.value !== null) return buildKeywords([node], context, scope);
      context.sink.report('EmptySelection', placeOf(context, node), `The selection ${name} is empty.`, scope.path);
      return undefined;
    default:
      return node satisfies never;
  }
}

function buildMap(map: YamlMapping, context: BuildContext, scope: BuildScope): PlanNode | undefined {
  if (map.entries.length === 0) {
    context.sink.report('EmptySelection', placeOf(context, map), 'An empty map tests nothing.', scope.path);
    return undefined;
  }
  const nodes = map.entries.map((entry) => buildEntry(entry, context, scope));
  return complete(nodes, (operands) => all(operands, placeOf(context, map)));
}

function buildEntry(entry: YamlEntry, context: BuildContext, scope: BuildScope): PlanNode | undefined {
  const key = parseItemKey(entry.key, context, scope);
  if (key === undefined) return undefined;
  return isElementBlock(entry, key) ? buildBlock(entry, key, context, scope) : buildItem(entry, key, context, scope);
}

/** A field name that ends in an array selector, over a map or a list of maps: conditions on one element. */
function isElementBlock(entry: YamlEntry, key: ItemKey): boolean {
  const last = key.steps.at(-1);
  const selects = last?.quantifier !== undefined || typeof last?.segments.at(-1) === 'number';
  const { value } = entry;
  return (
    selects &&
    (value.kind === 'mapping' || (value.kind === 'sequence' && value.items.some((item) => item.kind === 'mapping')))
  );
}

function buildBlock(entry: YamlEntry, key: ItemKey, context: BuildContext, scope: BuildScope): PlanNode | undefined {
  const path = `${scope.path}.${entry.key.text}`;
  if (key.modifiers.length > 0) {
    context.sink.report(
      'ModifierNotApplicable',
      key.place,
      'Modifiers belong to the fields inside the block.',
      path,
      'Move the modifiers into the block.',
    );
    return undefined;
  }
  const body = buildElementBody(entry.value, context, { ...scope, path, inElement: true }, buildSelection);
  if (body === undefined) return undefined;
  const last = key.steps.at(-1);
  const steps =
    last?.quantifier === undefined && last !== undefined
      ? [...key.steps.slice(0, -1), { ...last, quantifier: 'any' as const }]
      : key.steps;
  return wrapSteps({ ...key, steps }, context, scope, () => body);
}

function buildList(list: YamlSequence, context: BuildContext, scope: BuildScope): PlanNode | undefined {
  if (list.items.length === 0) {
    context.sink.report('EmptySelection', placeOf(context, list), 'An empty list tests nothing.', scope.path);
    return undefined;
  }
  const scalars = list.items.filter((item) => item.kind === 'scalar');
  if (scalars.length === list.items.length) return buildKeywords(scalars, context, scope, list);
  const nodes = list.items.map((item, i) => {
    const inner = { ...scope, path: `${scope.path}[${i}]` };
    if (item.kind === 'scalar') return buildKeywords([item], context, inner);
    if (item.kind === 'mapping') return buildMap(item, context, inner);
    context.sink.report('InvalidSelection', placeOf(context, item), 'A list stands directly in a list.', inner.path);
    return undefined;
  });
  return complete(nodes, (operands) => any(operands, placeOf(context, list)));
}

function buildKeywords(
  scalars: readonly YamlScalar[],
  context: BuildContext,
  scope: BuildScope,
  list?: YamlSequence,
): PlanNode | undefined {
  const [first] = scalars;
  if (first === undefined) return undefined;
  const key: YamlScalar = { kind: 'scalar', value: '', text: '', start: first.start, end: first.end };
  const parsed = parseItemKey(key, context, scope);
  return parsed && buildItem({ key, value: list ?? first }, parsed, context, scope);
}

/** Joins nodes unless one of them failed (and was reported). */
function complete(
  nodes: readonly (PlanNode | undefined)[],
  join: (operands: readonly PlanNode[]) => PlanNode,
): PlanNode | undefined {
  const operands = nodes.filter((node) => node !== undefined);
  return operands.length === nodes.length ? join(operands) : undefined;
}
