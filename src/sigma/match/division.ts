import { type Candidates, Gathering, reduced } from './candidates.ts';
import type { FieldBranch, ValueClass } from './field-branch.ts';
import { FALSE, type MatchNode, type Reduction, reduce, TRUE } from './match-node.ts';
import type { Predicate } from './predicate.ts';

/** So few candidates are reduced one by one. */
const FEW = 8;

const NO_PREDICATES: ReadonlySet<Predicate> = new Set();

/**
 * Candidates, divided by the classes of a field's values. Most predicates on a field are false for most values: what that leaves is found once, and for
 * a class only those conditions are reduced in which one of its predicates stands.
 */
export class Division {
  readonly #from: Candidates;
  readonly #branch: FieldBranch;
  /** What is left where every predicate on the field is false: by the index among the candidates. */
  #otherwise: ReadonlyMap<number, MatchNode> | undefined;
  #places: ReadonlyMap<Predicate, readonly number[]> | undefined;

  constructor(from: Candidates, branch: FieldBranch) {
    this.#from = from;
    this.#branch = branch;
  }

  /** The candidates that are left for the values of a class. */
  by(value: ValueClass): Candidates {
    const reduction = reductionBy(this.#branch, value);
    const { open, nodes, decided } = this.#from;
    if (open.length <= FEW) return reduced(this.#from, reduction);
    const otherwise = (this.#otherwise ??= this.#findOtherwise());
    const places = (this.#places ??= this.#findPlaces());
    const affected = new Set([...value.holding, ...value.open].flatMap((predicate) => places.get(predicate) ?? []));
    const left = new Gathering();
    for (const i of new Set([...otherwise.keys(), ...affected].toSorted((a, b) => a - b))) {
      const node = affected.has(i) ? reduce(nodes[i] ?? TRUE, reduction) : otherwise.get(i);
      left.add(open[i] ?? 0, node ?? FALSE);
    }
    return left.after(decided);
  }

  #findOtherwise(): ReadonlyMap<number, MatchNode> {
    const reduction = reductionBy(this.#branch, { holding: NO_PREDICATES, open: NO_PREDICATES });
    const left = this.#from.nodes.map((node, i) => [i, reduce(node, reduction)] as const);
    return new Map(left.filter(([, node]) => node !== FALSE));
  }

  #findPlaces(): ReadonlyMap<Predicate, readonly number[]> {
    const places = new Map<Predicate, number[]>();
    for (const [i, node] of this.#from.nodes.entries()) {
      for (const predicate of predicatesOn(this.#branch, node)) {
        const known = places.get(predicate);
        if (known === undefined) places.set(predicate, [i]);
        else known.push(i);
      }
    }
    return places;
  }
}

function reductionBy({ field, bit }: FieldBranch, { holding, open }: Pick<ValueClass, 'holding' | 'open'>): Reduction {
  return {
    branch: bit,
    decide: (predicate) => (predicate.field !== field || open.has(predicate) ? undefined : holding.has(predicate)),
  };
}

/** The predicates on the branch's field in a condition, perhaps more than once. */
function predicatesOn(branch: FieldBranch, node: MatchNode): readonly Predicate[] {
  if ((node.branches & branch.bit) === 0) return [];
  switch (node.kind) {
    case 'Test':
      return node.predicate.field === branch.field ? [node.predicate] : [];
    case 'Not':
      return predicatesOn(branch, node.operand);
    case 'Constant':
      return [];
    default:
      return node.operands.flatMap((operand) => predicatesOn(branch, operand));
  }
}
