import { findEntry, type YamlMapping, type YamlNode, type YamlScalar } from '../yaml/tree.ts';

/** One `field|modifiers: values` of a detection as it stands in the source, or a list of keywords. */
export interface DetectionItem {
  readonly selection: string;
  /** Without modifiers; empty for keywords. */
  readonly field: string;
  readonly modifiers: readonly string[];
  /** Undefined for keywords without a key. */
  readonly key: YamlScalar | undefined;
  readonly value: YamlNode;
  /** The scalars that it compares with. */
  readonly scalars: readonly YamlScalar[];
  /** The map that it stands in. */
  readonly map: YamlMapping | undefined;
  /** For diagnostics. */
  readonly path: string;
  /** Inside an array selector: the field belongs to an element. */
  readonly inElement: boolean;
}

const NOT_SELECTIONS = new Set(['condition', 'timeframe', 'rules']);

/** The items of the map under `detection` or `filter`, in the order of the source. */
export function detectionItems(root: YamlMapping, kind: 'detection' | 'filter'): readonly DetectionItem[] {
  const body = findEntry(root, kind)?.value;
  if (body?.kind !== 'mapping') return [];
  return body.entries.flatMap(({ key, value }) => {
    if (NOT_SELECTIONS.has(key.text) && (kind === 'filter' || key.text !== 'rules')) return [];
    return [...itemsIn(value, { selection: key.text, path: `${kind}.${key.text}`, inElement: false })];
  });
}

type Scope = Pick<DetectionItem, 'selection' | 'path' | 'inElement'>;

function* itemsIn(node: YamlNode, scope: Scope): Generator<DetectionItem> {
  if (node.kind === 'mapping') {
    for (const { key, value } of node.entries) yield* itemsOf(key, value, node, scope);
    return;
  }
  const parts = node.kind === 'sequence' ? node.items : [node];
  const scalars = parts.filter((part) => part.kind === 'scalar');
  if (scalars.length > 0)
    yield { ...scope, field: '', modifiers: [], key: undefined, value: node, scalars, map: undefined };
  for (const part of parts) if (part.kind === 'mapping') yield* itemsIn(part, scope);
}

function* itemsOf(key: YamlScalar, value: YamlNode, map: YamlMapping, scope: Scope): Generator<DetectionItem> {
  const [field = '', ...modifiers] = key.text.split('|');
  const path = `${scope.path}.${key.text}`;
  const parts = value.kind === 'sequence' ? value.items : [value];
  const scalars = parts.filter((part) => part.kind === 'scalar');
  yield { ...scope, field, modifiers, key, value, scalars, map, path };
  // The conditions on one element of an array (sigma-version 3).
  for (const part of parts) if (part.kind === 'mapping') yield* itemsIn(part, { ...scope, path, inElement: true });
}
