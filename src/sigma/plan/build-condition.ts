import { parseCondition } from '../condition/parse.ts';
import { scalarPlaces } from '../condition/places.ts';
import { nearestName, selectNames } from '../condition/select.ts';
import type { ConditionNode } from '../condition/tree.ts';
import type { Place } from '../source-text.ts';
import { findEntry, type YamlMapping, type YamlScalar } from '../yaml/tree.ts';
import { type BuildContext, placeOf } from './build-context.ts';
import { all, any } from './join.ts';
import type { PlanNode } from './nodes.ts';
import { sizeOf } from './size.ts';

/** The node for a selection that a condition names at `place`; undefined where the selection itself is faulty. */
export type NodeOfSelection = (name: string, place: Place) => PlanNode | undefined;

/** The node for the `condition` of a detection; a list of conditions is their Or (specification). */
export function buildConditions(
  detection: YamlMapping,
  names: readonly string[],
  context: BuildContext,
  path: string,
  nodeOf: NodeOfSelection,
): PlanNode | undefined {
  const at = `${path}.condition`;
  const entry = findEntry(detection, 'condition');
  if (entry === undefined) {
    context.sink.report(
      'MissingField',
      context.sink.source.place(detection.start),
      `The required field "${at}" is missing.`,
      at,
    );
    return undefined;
  }
  const { value } = entry;
  const scalars = value.kind === 'sequence' ? value.items : [value];
  const nodes: (PlanNode | undefined)[] = [];
  for (const scalar of scalars) {
    if (scalar.kind !== 'scalar' || (scalar.value !== null && typeof scalar.value !== 'string')) {
      context.sink.report('InvalidCondition', placeOf(context, scalar), 'The condition is not a string.', at);
      return undefined;
    }
    nodes.push(buildCondition(scalar, names, context, at, nodeOf));
  }
  if (nodes.length === 0)
    context.sink.report('EmptyCondition', placeOf(context, value), 'The list of conditions is empty.', at);
  const built = nodes.filter((node) => node !== undefined);
  return nodes.length === 0 || built.length < nodes.length ? undefined : any(built, placeOf(context, value));
}

function buildCondition(
  scalar: YamlScalar,
  names: readonly string[],
  context: BuildContext,
  path: string,
  nodeOf: NodeOfSelection,
): PlanNode | undefined {
  const { sink, limits } = context;
  const tree = parseCondition(scalar.text, scalarPlaces(scalar, sink.source), sink, limits, path);
  return tree && resolve(tree, names, context, path, nodeOf);
}

function resolve(
  tree: ConditionNode,
  names: readonly string[],
  context: BuildContext,
  path: string,
  nodeOf: NodeOfSelection,
): PlanNode | undefined {
  const { place } = tree;
  switch (tree.kind) {
    case 'Identifier':
      if (names.includes(tree.name)) return refer([tree.name], place, context, path, nodeOf)?.[0];
      reportUnknown(tree.name, place, names, context, path);
      return undefined;
    case 'Quantified': {
      const selected = selectNames(tree.target, names);
      if (selected.length === 0) {
        context.sink.report('NoMatchingSelection', place, `No selection matches "${tree.target}".`, path);
        return undefined;
      }
      const nodes = refer(selected, place, context, path, nodeOf);
      return nodes && (tree.quantifier === 'all' ? all(nodes, place) : any(nodes, place));
    }
    case 'Not': {
      const operand = resolve(tree.operand, names, context, path, nodeOf);
      return operand && { kind: 'Not', operand, place };
    }
    case 'And':
    case 'Or': {
      const operands = tree.operands.map((operand) => resolve(operand, names, context, path, nodeOf));
      const built = operands.filter((node) => node !== undefined);
      return built.length < operands.length ? undefined : { kind: tree.kind, operands: built, place };
    }
    default:
      return tree satisfies never;
  }
}

/** The nodes of the named selections, as far as the budget goes; undefined where one of them is faulty. */
function refer(
  names: readonly string[],
  place: Place,
  { budget, limits, sink }: BuildContext,
  path: string,
  nodeOf: NodeOfSelection,
): readonly PlanNode[] | undefined {
  const nodes: PlanNode[] = [];
  for (const name of names) {
    const node = nodeOf(name, place);
    if (!budget.spendReference(node === undefined ? 1 : sizeOf(node))) {
      sink.report(
        'ConditionTooComplex',
        place,
        `The conditions refer to more than ${limits.maxReferences} nodes.`,
        path,
      );
      return undefined;
    }
    if (node !== undefined) nodes.push(node);
  }
  return nodes.length < names.length ? undefined : nodes;
}

function reportUnknown(
  name: string,
  place: Place,
  names: readonly string[],
  { sink }: BuildContext,
  path: string,
): void {
  const nearest = nearestName(name, names);
  const known = `The selections are: ${names.slice(0, 10).join(', ')}.`;
  const remedy = nearest === undefined ? known : `Did you mean "${nearest}"?`;
  sink.report('UnknownIdentifier', place, `There is no selection ${JSON.stringify(name)}.`, path, remedy);
}
