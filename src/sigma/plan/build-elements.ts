import { findEntry, type YamlNode } from '../yaml/tree.ts';
import { buildConditions } from './build-condition.ts';
import type { BuildContext, BuildScope } from './build-context.ts';
import type { PlanNode } from './nodes.ts';

export type SelectionBuilder = (
  name: string,
  node: YamlNode,
  context: BuildContext,
  scope: BuildScope,
) => PlanNode | undefined;

/**
 * The body of an array selector: a map (And), a list of maps (Or), or, with a `condition`, a small detection of its own whose selections are about the
 * element.
 */
export function buildElementBody(
  node: YamlNode,
  context: BuildContext,
  scope: BuildScope,
  buildSelection: SelectionBuilder,
): PlanNode | undefined {
  if (node.kind !== 'mapping' || findEntry(node, 'condition') === undefined)
    return buildSelection(scope.selection, node, context, scope);
  const bodies = new Map<string, PlanNode | undefined>();
  for (const { key, value } of node.entries) {
    if (key.text === 'condition') continue;
    bodies.set(key.text, buildSelection(key.text, value, context, { ...scope, path: `${scope.path}.${key.text}` }));
  }
  return buildConditions(node, [...bodies.keys()], context, scope.path, (name) => bodies.get(name));
}
