import type { Plan, PlanNode } from '../../sigma/index.ts';
import { type DetectionItem, detectionItems, elementsPath } from './detection-item.ts';
import { type ItemNode, nodesOfItem } from './item-nodes.ts';

/** A detection in stages, for people: stage 0 is the condition, stage 1 each selection that it names. Plain data. */
export interface DetectionStages {
  readonly condition: ConditionView;
  /** In the order of the source; selections that the condition does not use are left out. */
  readonly selections: readonly SelectionView[];
}

/** Stage 0. */
interface ConditionView {
  /** As written; of a list of conditions, joined by `or`. */
  readonly text: string;
  readonly tree: DetectionTree;
}

/** Stage 1. */
interface SelectionView {
  readonly name: string;
  /** From 1, of the rule's source. */
  readonly line: number;
  readonly tree: DetectionTree;
  /** Its predicates, flat, in the order of the source. */
  readonly predicates: readonly DetectionItem[];
}

/** A node of a condition, over selections, or of a selection, over predicates. */
export type DetectionTree =
  | {
      readonly kind: 'and' | 'or' | 'not';
      readonly operands: readonly DetectionTree[];
      /** The selections under the node. */
      readonly selections: readonly string[];
    }
  | { readonly kind: 'selection'; readonly name: string; readonly selections: readonly string[] }
  | { readonly kind: 'predicate'; readonly item: DetectionItem; readonly selections: readonly string[] }
  | {
      readonly kind: 'elements';
      /** The array, with its quantifier: `spec.containers[any]`. */
      readonly path: string;
      readonly operands: readonly DetectionTree[];
      readonly selections: readonly string[];
    }
  | { readonly kind: 'constant'; readonly value: boolean; readonly selections: readonly string[] };

/** The stages of a plan; `source` is the rule's text. */
export function detectionStages({ root, selections }: Plan, source: string): DetectionStages {
  const tree = treeOf(root, '');
  return {
    condition: { text: conditionText(root, source), tree },
    selections: selections
      .filter(({ name }) => tree.selections.includes(name))
      .map(({ name, place, body }) => {
        const inner = treeOf(body, '');
        return { name, line: place.line, tree: inner, predicates: predicatesOf(inner) };
      }),
  };
}

/** A node with what is under it; `within` is the array whose elements it is about. */
function treeOf(node: PlanNode, within: string): DetectionTree {
  const items = nodesOfItem(node);
  if (items !== undefined) return itemTree(items, within);
  switch (node.kind) {
    case 'And':
    case 'Or':
      return parent(
        node.kind === 'And' ? 'and' : 'or',
        node.operands.map((operand) => treeOf(operand, within)),
      );
    case 'Not':
      return parent('not', [treeOf(node.operand, within)]);
    case 'Selection':
      return { kind: 'selection', name: node.name, selections: [node.name] };
    case 'Elements': {
      const path = elementsPath(node, within);
      return { kind: 'elements', path, operands: [treeOf(node.body, path)], selections: [] };
    }
    case 'Constant':
      return { kind: 'constant', value: node.value, selections: [] };
    case 'Predicate':
    case 'Keyword':
      return itemTree([node], within);
    default:
      return node satisfies never;
  }
}

function itemTree(nodes: readonly ItemNode[], within: string): DetectionTree {
  const trees = detectionItems(nodes, within).map(
    (item): DetectionTree => ({ kind: 'predicate', item, selections: [] }),
  );
  const [first] = trees;
  return trees.length === 1 && first !== undefined ? first : parent('or', trees);
}

function parent(kind: 'and' | 'or' | 'not', operands: readonly DetectionTree[]): DetectionTree {
  return { kind, operands, selections: [...new Set(operands.flatMap(({ selections }) => selections))] };
}

function predicatesOf(tree: DetectionTree): readonly DetectionItem[] {
  if (tree.kind === 'predicate') return [tree.item];
  return 'operands' in tree ? tree.operands.flatMap(predicatesOf) : [];
}

/** The part of the source that a condition stands in, on one line. */
function conditionText(root: PlanNode, source: string): string {
  const { offset, length } = root.place;
  return source
    .slice(offset, offset + length)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
