import type { EvaluateOptions, Verdict } from '../evaluate/evaluate.ts';
import type { Plan } from '../plan/nodes.ts';
import { type MatchRule, RuleCompiler } from './compile-rule.ts';
import { DecisionForest } from './decision-forest.ts';
import { Epochs, type StartableView } from './event-view.ts';
import { FALSE, truthOf } from './match-node.ts';
import { ParsedEventView } from './parsed-event-view.ts';

/** A rule of a {@link RuleSet}. Extend it with what the caller wants to find in matches. */
export interface RuleSetEntry {
  /** Unique in the rule set. */
  readonly id: string;
  readonly plan: Plan;
  /** Stages at which the rule sees no event: there its verdict is no-match. */
  readonly exceptStages?: readonly string[] | undefined;
}

export interface RuleMatch<E extends RuleSetEntry> {
  readonly entry: E;
  readonly verdict: Exclude<Verdict, 'no-match'>;
}

export interface RuleSetChanges<E extends RuleSetEntry> {
  /** Rules to add, or to put in the place of those with their ids. */
  readonly set?: Iterable<E>;
  readonly remove?: Iterable<string>;
}

interface Found {
  readonly position: number;
  readonly verdict: Exclude<Verdict, 'no-match'>;
}

const NO_MATCHES: readonly never[] = Object.freeze([]);

interface Member<E> {
  readonly entry: E;
  readonly rule: MatchRule;
}

/**
 * Many rules, compiled together: for every event exactly the verdicts of `evaluate`, at a cost that hardly grows with the number of rules. Immutable:
 * `with` makes another rule set, in which rules that did not change are taken over as they are. Sets that descend from one another share memory of the
 * event at hand: they belong to one thread.
 */
export class RuleSet<E extends RuleSetEntry> {
  readonly #members: ReadonlyMap<string, Member<E>>;
  readonly #list: readonly Member<E>[];
  readonly #epochs: Epochs;
  readonly #forest: DecisionForest;

  private constructor(members: ReadonlyMap<string, Member<E>>, epochs: Epochs) {
    this.#members = members;
    this.#list = [...members.values()];
    this.#epochs = epochs;
    this.#forest = new DecisionForest(this.#list.map(({ rule }) => rule));
  }

  /** Of several entries with one id the last counts. */
  static of<E extends RuleSetEntry>(entries: Iterable<E>): RuleSet<E> {
    return new RuleSet<E>(new Map(), new Epochs()).with({ set: entries });
  }

  get size(): number {
    return this.#list.length;
  }

  /** The entries in order: a replaced one keeps its place, new ones come last. */
  get entries(): readonly E[] {
    return this.#list.map(({ entry }) => entry);
  }

  /** A rule set with some rules added, replaced and removed; this one stays as it is. Compiles only the rules that `set` names. */
  with({ set = [], remove = [] }: RuleSetChanges<E>): RuleSet<E> {
    const members = new Map(this.#members);
    for (const id of remove) members.delete(id);
    const compiler = new RuleCompiler(this.#list.values().map(({ rule }) => rule));
    for (const entry of set) {
      members.set(entry.id, { entry, rule: compiler.compile(entry.plan, entry.exceptStages) });
    }
    return new RuleSet(members, this.#epochs);
  }

  /** The rules whose verdict is not no-match, in the order of the entries. */
  match(event: object, options: EvaluateOptions = {}): readonly RuleMatch<E>[] {
    const view = new ParsedEventView(this.#epochs.next(), event, options.bodiesUnknown ?? false);
    const found: Found[] = [];
    const { trees } = this.#forest;
    for (let tree = 0; tree < trees; tree++) {
      const { decided, open, nodes } = this.#forest.candidates(tree, view);
      for (let i = 0; i < decided.length; i++) found.push({ position: decided[i] ?? 0, verdict: 'match' });
      for (let i = 0; i < nodes.length; i++) {
        const truth = truthOf(nodes[i] ?? FALSE, view);
        if (truth !== false) found.push({ position: open[i] ?? 0, verdict: truth === true ? 'match' : 'undetermined' });
      }
    }
    return found.length === 0 ? NO_MATCHES : this.#matches(found);
  }

  #matches(found: Found[]): readonly RuleMatch<E>[] {
    const inOrder = found.toSorted((a, b) => a.position - b.position);
    return inOrder.flatMap(({ position, verdict }) => {
      const member = this.#list[position];
      return member === undefined ? [] : [{ entry: member.entry, verdict }];
    });
  }

  /** Whether the trail of a view may be asked by itself. */
  isWalkedBy({ trail }: StartableView): boolean {
    return this.#forest.isWalkedBy(trail);
  }

  /** Whether any rule could match an event of which a view knows only a part: `false` only where no rule would. */
  couldMatch(view: StartableView): boolean {
    view.start(this.#epochs.next());
    const { trail } = view;
    if (this.#forest.isLeftBy(trail)) return false;
    const { trees } = this.#forest;
    for (let tree = 0; tree < trees; tree++) {
      const { decided, nodes } = this.#forest.candidates(tree, view, trail);
      if (decided.length > 0) return true;
      for (let i = 0; i < nodes.length; i++) if (truthOf(nodes[i] ?? FALSE, view) !== false) return true;
    }
    return false;
  }
}
