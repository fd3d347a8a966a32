import type { YamlMapping } from '../yaml/tree.ts';
import { buildConditions } from './build-condition.ts';
import { type BuildContext, placeOf } from './build-context.ts';
import { buildSelection } from './build-selection.ts';
import type { Plan, Selection } from './nodes.ts';

/** Keys of a detection that are no search identifiers; `timeframe` belonged to the aggregations of Sigma v1. */
const NOT_SELECTIONS = new Set(['condition', 'timeframe']);

/**
 * Builds the plan of a detection (the map under `detection` or `filter`; `ignored` names further keys that are no search identifiers). Returns undefined when
 * anything was wrong, which is reported then.
 */
export function buildPlan(
  detection: YamlMapping,
  context: BuildContext,
  path: string,
  ignored: readonly string[] = [],
): Plan | undefined {
  const selections: Selection[] = [];
  const indexes = new Map<string, number>();
  const names: string[] = [];
  for (const { key, value } of detection.entries) {
    const name = key.text;
    if (NOT_SELECTIONS.has(name) || ignored.includes(name)) continue;
    names.push(name);
    const body = buildSelection(name, value, context, { selection: name, path: `${path}.${name}`, inElement: false });
    if (body === undefined) continue;
    indexes.set(name, selections.length);
    selections.push({ name, body, place: placeOf(context, key) });
  }
  const used = new Set<string>();
  const root = buildConditions(detection, names, context, path, (name, place) => {
    used.add(name);
    const index = indexes.get(name);
    return index === undefined ? undefined : { kind: 'Selection', index, name, place };
  });
  if (root === undefined || selections.length < names.length) return undefined;
  for (const { name, place } of selections) {
    if (!used.has(name))
      context.sink.report('UnusedSelection', place, `No condition uses the selection ${name}.`, `${path}.${name}`);
  }
  return context.shared.freeze<Plan>({ kind: 'Plan', root, selections });
}
