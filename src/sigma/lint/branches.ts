import { matchesValue } from '../evaluate/match-value.ts';
import { pathNames } from '../plan/field.ts';
import type { ElementsNode, KeywordNode, Plan, PlanNode, PredicateNode } from '../plan/nodes.ts';

/** One way in which a condition can hold: all of its literals together. */
export interface Branch {
  readonly literals: readonly Literal[];
}

export interface Literal {
  readonly node: PredicateNode | KeywordNode | ElementsNode;
  readonly negated: boolean;
}

const MAX_BRANCHES = 64;
const MAX_LITERALS = 4096;

/** The ways in which the condition of a plan can hold (its disjunctive normal form); none where there are too many to look at. */
export function branchesOf(plan: Plan): readonly Branch[] {
  try {
    return expand(plan.root, false, plan).map((literals) => ({ literals }));
  } catch (error) {
    if (error instanceof TooManyBranches) return [];
    throw error;
  }
}

class TooManyBranches extends Error {}

function expand(node: PlanNode, negated: boolean, plan: Plan): readonly (readonly Literal[])[] {
  switch (node.kind) {
    case 'And':
      return negated ? union(node.operands, negated, plan) : product(node.operands, negated, plan);
    case 'Or':
      return negated ? product(node.operands, negated, plan) : union(node.operands, negated, plan);
    case 'Not':
      return expand(node.operand, !negated, plan);
    case 'Constant':
      return node.value === negated ? [] : [[]];
    case 'Selection': {
      const selection = plan.selections[node.index];
      return selection === undefined ? [] : expand(selection.body, negated, plan);
    }
    case 'Predicate':
    case 'Keyword':
    case 'Elements':
      return [[{ node, negated }]];
    default:
      return node satisfies never;
  }
}

function union(nodes: readonly PlanNode[], negated: boolean, plan: Plan): readonly (readonly Literal[])[] {
  return bounded(nodes.flatMap((node) => expand(node, negated, plan)));
}

function product(nodes: readonly PlanNode[], negated: boolean, plan: Plan): readonly (readonly Literal[])[] {
  let branches: readonly (readonly Literal[])[] = [[]];
  for (const node of nodes) {
    const more = expand(node, negated, plan);
    if (branches.length * more.length > MAX_BRANCHES) throw new TooManyBranches();
    branches = bounded(branches.flatMap((branch) => more.map((literals) => [...branch, ...literals])));
  }
  return branches;
}

function bounded(branches: readonly (readonly Literal[])[]): readonly (readonly Literal[])[] {
  const literals = branches.reduce((sum, branch) => sum + branch.length, 0);
  if (branches.length > MAX_BRANCHES || literals > MAX_LITERALS) throw new TooManyBranches();
  return branches;
}

/** The literals of a branch that test exactly this path of the event. */
export function literalsOn(
  { literals }: Branch,
  path: string,
): readonly (Literal & { readonly node: PredicateNode })[] {
  return literals.flatMap(({ node, negated }) =>
    node.kind === 'Predicate' && testsOnly(node, path) ? [{ node, negated }] : [],
  );
}

/** Whether a branch can hold where the path has this value; `undefined`: where the event does not have it. */
export function allows(branch: Branch, path: string, value: string | undefined): boolean {
  return literalsOn(branch, path).every(({ node, negated }) => {
    const holds = holdsFor(node, value);
    return holds === 'unknown' || holds !== negated;
  });
}

function testsOnly({ field }: PredicateNode, path: string): boolean {
  const names = pathNames(field);
  return names.length === 1 && names[0] === path;
}

function holdsFor({ matcher }: PredicateNode, value: string | undefined): boolean | 'unknown' {
  switch (matcher.kind) {
    case 'FieldValue':
      return 'unknown';
    case 'Null':
      return value === undefined;
    case 'Present':
      return value !== undefined;
    case 'Exists':
      return matcher.expected === (value !== undefined);
    default:
      return value !== undefined && matchesValue(matcher, value);
  }
}
