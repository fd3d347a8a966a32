import { BODY_BIT, NO_BODIES } from './body-fields.ts';
import { branchBit } from './branch-fields.ts';
import { type Candidates, Gathering, reduced } from './candidates.ts';
import type { MatchRule } from './compile-rule.ts';
import { Division } from './division.ts';
import type { EventView, Trail } from './event-view.ts';
import { FieldBranch, type ValueClass } from './field-branch.ts';
import type { MatchField } from './match-field.ts';
import { type MatchNode, TRUE } from './match-node.ts';
import type { Predicate } from './predicate.ts';

interface State extends Candidates {
  /** Counted from 0 since the trees were planted. */
  readonly number: number;
  /** The field to look at next; `undefined` where the rest are predicates on other fields. */
  readonly branch: FieldBranch | undefined;
  /** The branch fields that were looked at on the way here, as bits. */
  readonly seen: number;
  /** By the index of the class of the field's value; the first for a value that is not known. Without holes: they are read slowly. */
  readonly next: (State | undefined)[];
  /** The same for classes that came late, so that `next` stays short. */
  late: Map<number, State> | undefined;
  /** The candidates, divided by `branch`. */
  division: Division | undefined;
  /** Some of `nodes` depend on bodies. */
  readonly needsBodies: boolean;
  /** What is left for events without bodies, once such an event came. */
  bodiless: Candidates | undefined;
}

const NOTHING: State = Object.freeze({
  number: -1,
  decided: [],
  open: [],
  nodes: [],
  branch: undefined,
  seen: 0,
  next: [],
  late: undefined,
  division: undefined,
  needsBodies: false,
  bodiless: undefined,
});

/** Open rules of all states, and states: beyond that the trees are grown anew. */
const MAX_OPEN = 500_000;
const MAX_STATES = 50_000;
const MAX_CLASSES = 4096;
/** The length of lists of states by class. */
const MAX_NEXT = 32;

/**
 * Narrows the rules of a set down to the candidates for an event, by a few fields. Each step fixes the truth of predicates on one field and reduces the
 * conditions by it, so that a rule is dropped exactly where its condition is false whatever the rest of the event is. Steps that were taken once are
 * remembered: the trees grow along the events that come. There is one tree for the rules that have the same first field, so that rules about different fields
 * do not multiply each other's steps.
 */
export class DecisionForest {
  readonly #rules: readonly MatchRule[];
  #branches: ReadonlyMap<number, FieldBranch> = new Map();
  #roots: readonly State[] | undefined;
  #open = 0;
  #states = 0;

  constructor(rules: readonly MatchRule[]) {
    this.#rules = rules;
  }

  /** How many trees there are. */
  get trees(): number {
    this.#roots ??= this.#plant();
    return this.#roots.length;
  }

  /** Whether a trail may be asked by itself: it leads through these trees. */
  isWalkedBy(trail: Trail): boolean {
    return this.#roots !== undefined && trail.roots === this.#roots;
  }

  /** Whether a trail knows that no tree has candidates for the event at hand. */
  isLeftBy(trail: Trail): boolean {
    this.#roots ??= this.#plant();
    if (this.isWalkedBy(trail)) return trail.endsEverywhere();
    trail.begin(this.#roots);
    return false;
  }

  /** The candidates of one tree. @param trail is shown the way there */
  candidates(tree: number, view: EventView, trail?: Trail): Candidates {
    this.#roots ??= this.#plant();
    const shown = trail?.roots === this.#roots ? trail : undefined;
    let state = this.#roots[tree] ?? NOTHING;
    while (state.branch !== undefined) {
      const value = state.branch.classOf(view);
      const index = value === undefined ? 0 : value.index;
      const next = index < state.next.length ? state.next[index] : state.late?.get(index);
      const to = next ?? this.#grow(state, state.branch, value);
      if (value !== undefined) shown?.step(state, state.branch, value, to);
      state = to;
    }
    if (isEmpty(state)) shown?.end(state, 'all');
    if (!state.needsBodies || !view.bodiesAbsent) return state;
    const bodiless = (state.bodiless ??= reduced(state, NO_BODIES));
    if (isEmpty(bodiless)) shown?.end(state, 'without-bodies');
    return bodiless;
  }

  #plant(): readonly State[] {
    this.#open = 0;
    this.#states = 0;
    this.#branches = branchesOf(this.#rules);
    const trees = Map.groupBy(this.#rules.keys(), (position) => {
      const branches = this.#rules[position]?.node.branches ?? 0;
      return branches & -branches;
    });
    return [...trees].map(([bit, positions]) => {
      const all = new Gathering();
      for (const position of positions) all.add(position, this.#rules[position]?.node ?? TRUE);
      return this.#state(all, 0, this.#branches.get(bit));
    });
  }

  #grow(from: State, branch: FieldBranch, value: ValueClass | undefined): State {
    const left = value === undefined ? from : (from.division ??= new Division(from, branch)).by(value);
    const seen = from.seen | branch.bit;
    const state = this.#state(left, seen, this.#branches.get(mostWanted(left.nodes, ~(seen | BODY_BIT))));
    link(from, value?.index ?? 0, state);
    if (this.#open > MAX_OPEN || this.#states > MAX_STATES || branch.classes > MAX_CLASSES) this.#roots = undefined;
    return state;
  }

  #state({ decided, open, nodes }: Candidates, seen: number, branch: FieldBranch | undefined): State {
    const number = this.#states++;
    this.#open += open.length;
    const needsBodies = nodes.some(({ branches }) => (branches & BODY_BIT) !== 0);
    return {
      number,
      decided,
      // Copies have no room to grow.
      open: [...open],
      nodes: [...nodes],
      seen,
      branch,
      next: [],
      late: undefined,
      division: undefined,
      needsBodies,
      bodiless: undefined,
    };
  }
}

function isEmpty({ decided, open }: Candidates): boolean {
  return decided.length === 0 && open.length === 0;
}

function link(from: State, index: number, to: State): void {
  if (index >= MAX_NEXT) {
    (from.late ??= new Map()).set(index, to);
    return;
  }
  while (from.next.length < index) from.next.push(undefined);
  from.next[index] = to;
}

/** The bit of the field on which most conditions depend, of those in a mask; 0 where none does. */
function mostWanted(nodes: readonly MatchNode[], mask: number): number {
  const counts = new Map<number, number>();
  for (const node of nodes) {
    for (let bits = node.branches & mask; bits !== 0; bits &= bits - 1) {
      const bit = bits & -bits;
      counts.set(bit, (counts.get(bit) ?? 0) + 1);
    }
  }
  let best = 0;
  for (const [bit, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && bit < best)) best = bit;
  }
  return best;
}

/** By bit. */
function branchesOf(rules: readonly MatchRule[]): ReadonlyMap<number, FieldBranch> {
  const predicates = new Map<MatchField, Set<Predicate>>();
  for (const rule of rules) {
    for (const predicate of rule.predicates) {
      const { field } = predicate;
      if (field === undefined || branchBit(field.key) === 0) continue;
      const known = predicates.get(field);
      if (known === undefined) predicates.set(field, new Set([predicate]));
      else known.add(predicate);
    }
  }
  return new Map(
    [...predicates].map(([field, all]) => {
      const bit = branchBit(field.key);
      return [bit, new FieldBranch(field, bit, all)];
    }),
  );
}
