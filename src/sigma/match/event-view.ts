import type { FieldValues } from '../evaluate/field-values.ts';
import type { Truth } from '../evaluate/truth.ts';
import type { ElementsNode, KeywordNode } from '../plan/nodes.ts';
import type { FieldBranch, ValueClass } from './field-branch.ts';
import type { MatchField } from './match-field.ts';

/**
 * What is known of one event: all of it once it is parsed, less while only its line was scanned. What is not known is incomplete, so that a
 * truth over a view is the event's own, or unknown.
 */
export interface EventView {
  /** Another number for each event that the rule set sees; what is remembered of an event carries it. */
  readonly epoch: number;
  /** The event has no bodies for certain, nor keys other than those of `audit.k8s.io`. */
  readonly bodiesAbsent: boolean;
  values(field: MatchField): FieldValues;
  /** The truth of what looks at more than the values of fields. */
  truthOf(node: KeywordNode | ElementsNode): Truth;
  /** The class that was found for the value of the branch's field when it came before; `undefined` where it has to be found. */
  recall(branch: FieldBranch): ValueClass | undefined;
  remember(branch: FieldBranch, found: ValueClass): void;
}

/** A view that turns from event to event. */
export interface StartableView extends EventView {
  start(epoch: number): void;
  readonly trail: Trail;
}

/** Remembers the ways of events through decision trees, to tell of those that go the same ways that no rule is left. */
export interface Trail {
  /** The trees whose ways it remembers. */
  readonly roots: readonly TrailState[] | undefined;
  /** Forgets what it knows: from now on these trees are walked. */
  begin(roots: readonly TrailState[]): void;
  /** From a state, a class of a branch's values leads to another state. */
  step(from: TrailState, branch: FieldBranch, value: ValueClass, to: TrailState): void;
  /** No rule is left at a state: of no event, or of none without bodies. */
  end(state: TrailState, events: 'all' | 'without-bodies'): void;
  /** Whether no rule is left in any tree for the event at hand; false also where that is not known. */
  endsEverywhere(): boolean;
}

/** A state has a number of its own, as long as its trees stand. */
export interface TrailState {
  readonly number: number;
}

/** Counts the events that a family of rule sets sees. */
export class Epochs {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
