import type { Truth } from '../evaluate/truth.ts';
import type { EventView } from './event-view.ts';
import type { MatchField } from './match-field.ts';

/**
 * `equals`, `contains`: the test is that any text of the field is, or holds, one of the texts, in folded case. `needs`: it is false
 * where none of the texts is held. `regex`: it takes long as well, and is false where none of the texts is held (without texts nothing is known); `asciiOnly`: for values of ASCII.
 */
export type Shortcut =
  | { readonly kind: 'equals' | 'contains' | 'needs'; readonly texts: readonly string[] }
  | { readonly kind: 'regex'; readonly texts: readonly string[] | undefined; readonly asciiOnly: boolean };

/** A test that rules make of an event; one object for all rules that make it. Remembers its truth for the event at hand. */
export class Predicate {
  /** Equal for equal tests; `undefined` for one that is not shared. */
  readonly key: string | undefined;
  /** Unique in its family of rule sets. */
  readonly number: number;
  /** The field that alone decides it; `undefined` for one that looks at more. */
  readonly field: MatchField | undefined;
  /** How the test can be decided for many predicates on one field at once; `undefined` where it is evaluated by itself. */
  readonly shortcut: Shortcut | undefined;
  readonly #test: (view: EventView) => Truth;
  #epoch = 0;
  #truth: Truth = false;

  constructor(identity: Pick<Predicate, 'key' | 'number' | 'field' | 'shortcut'>, test: (view: EventView) => Truth) {
    this.key = identity.key;
    this.number = identity.number;
    this.field = identity.field;
    this.shortcut = identity.shortcut;
    this.#test = test;
  }

  truth(view: EventView): Truth {
    if (this.#epoch !== view.epoch) {
      this.#truth = this.#test(view);
      this.#epoch = view.epoch;
    }
    return this.#truth;
  }
}
