import { type Budget, type Shortage, shortage } from '../../alerts/index.ts';
import type { Change, Clock, Store } from '../../kube/index.ts';
import { BoundedMap } from './bounded-map.ts';
import type { SlimAlert } from './slim-alert.ts';

/** Deleted Alerts that are remembered. */
const REMEMBERED = 10_000;
/** Milliseconds after which an Alert that was created and never seen is believed to be gone again. */
const UNSEEN_FOR = 60_000;

interface Owner {
  readonly rule: string;
  readonly actor: string;
}

interface Reservation extends Owner {
  readonly at: number;
}

/** The Alerts that there are, and room for those that are being created. */
export class AlertCensus {
  readonly #store: Store<SlimAlert>;
  readonly #budget: Budget;
  readonly #clock: Clock;
  readonly #byRule = new Map<string, number>();
  readonly #byActor = new Map<string, number>();
  readonly #overflow = new Map<string, string>();
  /** By name. No name in it is in the store; both together are the usage. */
  readonly #reserved = new Map<string, Reservation>();
  readonly #deleted = new BoundedMap<string, SlimAlert>(REMEMBERED);

  constructor(store: Store<SlimAlert>, budget: Budget, clock: Clock) {
    this.#store = store;
    this.#budget = budget;
    this.#clock = clock;
    store.subscribe((change) => this.#take(change));
  }

  get budget(): Budget {
    return this.#budget;
  }

  get total(): number {
    return this.#store.size + this.#reserved.size;
  }

  /** Alerts of a rule, but for the one that counts what found no room. */
  ofRule(rule: string): number {
    return this.#byRule.get(rule) ?? 0;
  }

  /** Name of the Alert that counts what found no room for a rule, if there is one. */
  overflowOf(rule: string): string | undefined {
    return this.#overflow.get(rule);
  }

  /** As this replica last saw it; it may have been created or deleted since. */
  get(name: string): SlimAlert | undefined {
    return this.#store.get(name);
  }

  /** As it was last seen, whether or not it was deleted since. */
  getOrDeleted(name: string): SlimAlert | undefined {
    return this.#store.get(name) ?? this.#deleted.get(name);
  }

  values(): Iterable<SlimAlert> {
    return this.#store.values();
  }

  /** Why there is no room for another Alert of a rule about an actor; undefined where there is. */
  shortage(rule: string, actor: string): Shortage | undefined {
    const usage = {
      total: this.total,
      ofRule: this.ofRule(rule),
      ofActor: this.#byActor.get(actorKey({ rule, actor })) ?? 0,
    };
    return shortage(this.#budget, usage);
  }

  /** Takes room for an Alert that is going to be created. False where there is none. */
  reserve(name: string, owner: Owner): boolean {
    if (this.#store.get(name) !== undefined || this.#reserved.has(name)) return true;
    this.#forgetUnseen();
    if (this.shortage(owner.rule, owner.actor) !== undefined) return false;
    this.#reserved.set(name, { ...owner, at: this.#clock.monotonic() });
    this.#count(owner, 1);
    return true;
  }

  /** The Alert was not created after all. */
  release(name: string): void {
    const reservation = this.#reserved.get(name);
    if (reservation === undefined) return;
    this.#reserved.delete(name);
    this.#count(reservation, -1);
  }

  #take({ type, object }: Change<SlimAlert>): void {
    const { name } = object.metadata;
    const owner = { rule: object.finding.rule.name, actor: object.finding.actor };
    if (type === 'update') return;
    if (type === 'add') {
      this.release(name);
      this.#deleted.delete(name);
    } else this.#deleted.set(name, object);
    if (object.finding.overflow !== true) this.#count(owner, type === 'add' ? 1 : -1);
    else if (type === 'add') this.#overflow.set(owner.rule, name);
    else this.#overflow.delete(owner.rule);
  }

  #count(owner: Owner, change: 1 | -1): void {
    add(this.#byRule, owner.rule, change);
    add(this.#byActor, actorKey(owner), change);
  }

  #forgetUnseen(): void {
    const oldest = this.#clock.monotonic() - UNSEEN_FOR;
    for (const [name, { at }] of this.#reserved) {
      if (at > oldest) return;
      this.release(name);
    }
  }
}

function actorKey({ rule, actor }: Owner): string {
  return JSON.stringify([rule, actor]);
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
