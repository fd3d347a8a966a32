import { createHash } from 'node:crypto';
import { deepFreeze } from '../freeze.ts';
import { type FieldMapping, mappedPaths } from '../mapping/field-mapping.ts';
import type { FieldReference } from '../plan/field.ts';
import { splitFieldName } from '../plan/field-name.ts';
import {
  type CompiledCorrelation,
  type CorrelationNode,
  type CorrelationSource,
  fieldOfStep,
} from './compiled-correlation.ts';

/** A source without the fields, and the mapping under which they will be read. */
export interface UnreadSource extends Omit<CorrelationSource, 'fields'> {
  readonly mapping: FieldMapping | undefined;
}

/** Puts a chain together: finds the fields that each part has to hand to the ones above it. `nodes` and `sources` by key, nodes in order. */
export function assemble(
  nodes: ReadonlyMap<string, Omit<CorrelationNode, 'carried'>>,
  sources: ReadonlyMap<string, UnreadSource>,
  takenFrom: ReadonlySet<string>,
): CompiledCorrelation | undefined {
  const carried = new Map<string, Set<string>>([...nodes.keys()].map((key) => [key, new Set()]));
  const read = new Map<string, Set<string>>([...sources.keys()].map((key) => [key, new Set()]));
  for (const node of [...nodes.values()].reverse()) {
    const names = [...node.groupBy, ...(carried.get(node.key) ?? [])];
    if (node.condition.kind === 'Compare') names.push(...node.condition.fields);
    for (const step of node.steps) {
      const below = nodes.get(step.rule);
      for (const name of names) {
        const field = fieldOfStep(step, name);
        if (below === undefined) read.get(step.rule)?.add(field);
        else if (!below.groupBy.includes(field)) carried.get(below.key)?.add(field);
      }
    }
  }
  const chain = [...nodes.values()].map((node) => ({ ...node, carried: [...(carried.get(node.key) ?? [])].sort() }));
  const root = chain.at(-1);
  if (root === undefined) return undefined;
  return deepFreeze<CompiledCorrelation>({
    key: root.key,
    document: root.document,
    nodes: chain,
    sources: [...sources.values()].map(({ mapping, ...source }) => ({
      ...source,
      fields: [...(read.get(source.key) ?? [])].sort().map((name) => reference(name, mapping)),
    })),
    takenFrom: [...takenFrom].sort(),
    fingerprint: fingerprint(chain),
  });
}

function reference(name: string, mapping: FieldMapping | undefined): FieldReference {
  return {
    kind: 'Field',
    name,
    path: { root: 'event', segments: splitFieldName(name) },
    mapped: mappedPaths(mapping, name),
  };
}

function fingerprint(nodes: readonly CorrelationNode[]): string {
  const meaning = nodes.map(({ key, type, groupBy, timespan, condition, steps, carried, output }) => {
    const rules = steps.map(({ rule, aliases }) => [rule, aliases]);
    return [key, type, groupBy, timespan, condition, rules, carried, output];
  });
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
}
