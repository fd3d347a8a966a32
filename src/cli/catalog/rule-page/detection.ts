import type { CompiledRulePage, DetectionTree } from '../../../catalog/index.ts';
import {
  type Block,
  type Cell,
  code,
  joined,
  muted,
  type Part,
  type Section,
  strong,
  type Text,
  type TreeNode,
} from '../../pages/page.ts';

type Indicator = CompiledRulePage['indicators'][number];
type Item = Pick<Indicator, 'field' | 'kind' | 'modifiers' | 'all' | 'values'>;

/** The condition and each selection that it names, with its predicates. */
export function stagesSection({ stages }: CompiledRulePage): Section {
  const { condition, selections } = stages;
  return {
    id: 'stages',
    title: 'Stages and predicates',
    blocks: [
      { kind: 'heading', text: ['Stage 0: condition'] },
      { kind: 'paragraph', text: [code(condition.text)] },
      ...(condition.tree.kind === 'selection' ? [] : [{ kind: 'tree' as const, root: treeOf(condition.tree) }]),
      ...selections.flatMap(({ name, tree, predicates }): readonly Block[] => [
        { kind: 'heading', text: ['Stage 1: ', code(name)] },
        {
          kind: 'table',
          caption: `Predicates of ${name}`,
          columns: [{ title: 'Field' }, { title: 'Comparison' }, { title: 'Values' }],
          rows: predicates.map((item) => [[[fieldPart(item)]], [comparisonText(item)], valuesCell(item)]),
        },
        ...(isPlain(tree) ? [] : [{ kind: 'tree' as const, root: treeOf(tree) }]),
      ]),
    ],
  };
}

/** What the rule looks for, and how many others of the catalog do. */
export function indicatorsSection({ indicators }: CompiledRulePage): Section {
  return {
    id: 'indicators',
    title: 'Indicators',
    blocks: [
      {
        kind: 'paragraph',
        text: [
          'How many other rules of the same log source look for the same combination of field, comparison and values. Blank: it is specific to this rule.',
        ],
      },
      {
        kind: 'table',
        caption: 'Indicators',
        columns: [
          { title: 'Field' },
          { title: 'Comparison' },
          { title: 'Values' },
          { title: 'Other rules', align: 'right' },
        ],
        rows: indicators.map((item) => [
          [[fieldPart(item)]],
          [[...comparisonText(item), ...(item.excluded ? [' ', strong('exclusion')] : [])]],
          valuesCell(item),
          [[item.otherRules === 0 ? '' : String(item.otherRules)]],
        ]),
      },
    ],
  };
}

/** `eq`, or the kind with the other modifiers in brackets. */
export function comparisonText({ kind, modifiers, all }: Item): Text {
  const others = modifiers.filter((modifier) => modifier !== kind && modifier !== 'all');
  const parts = [...(all ? ['all'] : []), ...others];
  return parts.length === 0 ? [kind] : [kind, ' ', muted(`(${parts.join(', ')})`)];
}

export function fieldPart({ field, kind }: Pick<Item, 'field' | 'kind'>): Part {
  if (field === '' && kind === 'keyword') return { kind: 'field', field, text: 'anywhere' };
  return { kind: 'field', field, text: field === '' ? 'the element itself' : field };
}

/** One value a line. */
export function valuesCell({ values }: Pick<Item, 'values'>): Cell {
  return values.map((value) => [valuePart(value)]);
}

function valuePart(value: string | null): Part {
  if (value === null) return muted('null (absent)');
  return value === '' ? muted('empty text') : code(value);
}

/** A selection that is one map: all of its predicates have to hold, which the table says already. */
function isPlain(tree: DetectionTree): boolean {
  if (tree.kind === 'predicate') return true;
  return tree.kind === 'and' && tree.operands.every(({ kind }) => kind === 'predicate');
}

const OPERATORS = { and: 'all of', or: 'any of', not: 'not' } as const;

function treeOf(tree: DetectionTree): TreeNode {
  switch (tree.kind) {
    case 'and':
    case 'or':
    case 'not': {
      const names = tree.selections.length > 1 ? [' ', muted(tree.selections.join(', '))] : [];
      return { text: [OPERATORS[tree.kind], ...names], children: tree.operands.map(treeOf) };
    }
    case 'selection':
      return { text: [code(tree.name)], children: [] };
    case 'predicate':
      return { text: predicateText(tree.item), children: [] };
    case 'elements':
      return { text: ['elements of ', code(tree.path)], children: tree.operands.map(treeOf) };
    case 'constant':
      return { text: [tree.value ? 'always' : 'never'], children: [] };
    default:
      return tree satisfies never;
  }
}

const SHOWN_VALUES = 5;

function predicateText(item: Item): Text {
  const shown = item.values.slice(0, SHOWN_VALUES).map(valuePart);
  const more = item.values.length > SHOWN_VALUES ? [muted(` and ${item.values.length - SHOWN_VALUES} more`)] : [];
  return [fieldPart(item), ' ', ...comparisonText(item), ' ', ...joined(shown), ...more];
}
