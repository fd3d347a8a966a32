import type { ConditionNode } from '../condition/tree.ts';
import { MAX_TERMS } from './bounds.ts';
import type { PresenceTerm } from './correlation.ts';

interface Literals {
  readonly present: ReadonlySet<number>;
  readonly absent: ReadonlySet<number>;
}

/** The disjunctive normal form of a boolean condition over rules; `too-many` beyond the bound. Terms that contradict themselves are left out. */
export function presenceTerms(
  condition: ConditionNode,
  indexOf: (rule: string) => number,
): readonly PresenceTerm[] | 'too-many' {
  try {
    return termsOf(condition, true, indexOf).map(({ present, absent }) => ({
      present: [...present].sort((a, b) => a - b),
      absent: [...absent].sort((a, b) => a - b),
    }));
  } catch (error) {
    if (error instanceof TooManyTerms) return 'too-many';
    throw error;
  }
}

class TooManyTerms extends Error {}

function termsOf(node: ConditionNode, wanted: boolean, indexOf: (rule: string) => number): readonly Literals[] {
  switch (node.kind) {
    case 'Identifier': {
      const rule = new Set([indexOf(node.name)]);
      return [wanted ? { present: rule, absent: new Set() } : { present: new Set(), absent: rule }];
    }
    case 'Not':
      return termsOf(node.operand, !wanted, indexOf);
    case 'And':
    case 'Or': {
      const operands = node.operands.map((operand) => termsOf(operand, wanted, indexOf));
      return (node.kind === 'And') === wanted ? operands.reduce(product) : bounded(operands.flat());
    }
    case 'Quantified':
      return [];
    default:
      return node satisfies never;
  }
}

function product(left: readonly Literals[], right: readonly Literals[]): readonly Literals[] {
  const terms: Literals[] = [];
  for (const a of left) {
    for (const b of right) {
      const present = new Set([...a.present, ...b.present]);
      const absent = new Set([...a.absent, ...b.absent]);
      if (!present.values().some((rule) => absent.has(rule))) terms.push({ present, absent });
      if (terms.length > MAX_TERMS) throw new TooManyTerms();
    }
  }
  return terms;
}

function bounded(terms: readonly Literals[]): readonly Literals[] {
  if (terms.length > MAX_TERMS) throw new TooManyTerms();
  return terms;
}
