import type { PresenceTerm } from '../correlation.ts';
import { type Entry, restoreEntry, type StoredEntry, storeEntry } from './entry.ts';
import type { Addition, GroupWindow, Occurrence, WindowOptions } from './group-window.ts';
import { StepIndex } from './step-index.ts';
import { TimeOrderedList } from './time-ordered-list.ts';

export interface StoredAbsenceWindow<Sample> {
  readonly kind: 'absence';
  readonly entries: readonly StoredEntry<Sample>[];
  readonly judged: number;
  readonly time: number;
  readonly touchedAt: number;
  readonly until: number | null;
}

export interface AbsenceOptions extends WindowOptions {
  readonly terms: readonly PresenceTerm[];
  readonly ordered: boolean;
  readonly steps: number;
}

interface Met {
  readonly term: PresenceTerm;
  readonly start: number;
  readonly undetermined: boolean;
}

/**
 * A group of a temporal correlation whose condition has a `not`. The rules that must match are looked for at each match, in the window that ends there; a rule that
 * must not match is absent if it matched in no window of the timespan in which they lie: neither within the timespan before the last of them, nor within it after the
 * first. That is known only afterwards, so each match is judged when the group's time has passed it by timespan and lateness, in the order of time.
 *
 * The group's time is that of its newest match, and goes on with the clock of the state: a group that comes from an audit log that lags behind is judged by its own time.
 */
export class AbsenceWindow<Sample> implements GroupWindow<Sample, StoredAbsenceWindow<Sample>> {
  readonly #options: AbsenceOptions;
  readonly #wanted: ReadonlySet<number>;
  readonly #entries = new TimeOrderedList<Entry<Sample>>();
  readonly #steps: StepIndex;
  readonly #certain: StepIndex;
  /** Entries before this index are judged. */
  #judged = 0;
  #time = -Infinity;
  #touchedAt = -Infinity;
  /** A match up to here goes on with what has fired; firing anew waits for its end, or for a match at which the condition does not hold. */
  #until = -Infinity;

  constructor(options: AbsenceOptions, stored?: StoredAbsenceWindow<Sample>) {
    this.#options = options;
    this.#wanted = new Set(options.terms.flatMap(({ present }) => present));
    this.#steps = new StepIndex(options.steps);
    this.#certain = new StepIndex(options.steps);
    if (stored === undefined) return;
    for (const entry of stored.entries) this.#keep(restoreEntry(entry));
    this.#judged = stored.judged;
    this.#time = stored.time;
    this.#touchedAt = stored.touchedAt;
    this.#until = stored.until ?? -Infinity;
  }

  get size(): number {
    return this.#entries.length;
  }

  get due(): number | undefined {
    const next = this.#entries.at(this.#judged);
    return next && this.#touchedAt + (this.#decidedAt(next) - this.#time);
  }

  store(): StoredAbsenceWindow<Sample> {
    return {
      kind: 'absence',
      entries: this.#entries.slice(0).map(storeEntry),
      judged: this.#judged,
      time: this.#time,
      touchedAt: this.#touchedAt,
      until: Number.isFinite(this.#until) ? this.#until : null,
    };
  }

  add(entry: Entry<Sample>, clock: number): Addition<Sample> {
    const before = this.advance(clock);
    const now = this.#timeAt(clock);
    if (entry.time < now - this.#options.lateness) return { late: true, fired: before, evicted: 0 };
    this.#keep(entry);
    this.#time = Math.max(now, entry.time);
    this.#touchedAt = clock;
    const fired = [...before, ...this.advance(clock)];
    let evicted = 0;
    for (; this.#entries.length > this.#options.maxMatches; evicted++) this.#drop();
    return { late: false, fired, evicted };
  }

  advance(clock: number): readonly Occurrence<Sample>[] {
    const now = this.#timeAt(clock);
    const fired: Occurrence<Sample>[] = [];
    let entry = this.#entries.at(this.#judged);
    // Only what decides something changes anything: how often time is told makes no difference.
    if (entry === undefined || this.#decidedAt(entry) >= now) return fired;
    for (; entry !== undefined && this.#decidedAt(entry) < now; entry = this.#entries.at(this.#judged)) {
      this.#judged++;
      const occurrence = this.#wanted.has(entry.step) ? this.#judge(entry.time) : undefined;
      if (occurrence !== undefined) fired.push(occurrence);
    }
    const { timespan, lateness } = this.#options;
    const needed = now - 2 * timespan - lateness;
    while (this.#judged > 0 && (this.#entries.at(0)?.time ?? Infinity) < needed) this.#drop();
    return fired;
  }

  #timeAt(clock: number): number {
    return this.#entries.length === 0 ? this.#time : this.#time + (clock - this.#touchedAt);
  }

  #decidedAt({ time }: Entry<Sample>): number {
    return time + this.#options.timespan + this.#options.lateness;
  }

  #judge(at: number): Occurrence<Sample> | undefined {
    const met = this.#meet(at);
    if (met === undefined) {
      this.#until = -Infinity;
      return undefined;
    }
    const lasts = at <= this.#until;
    this.#until = at + this.#options.timespan;
    if (lasts) return undefined;
    const window = this.#entries
      .slice(this.#entries.lowerBound(met.start), this.#entries.upperBound(at))
      .filter(({ step }) => met.term.present.includes(step));
    const undetermined = met.undetermined || window.some((entry) => entry.undetermined);
    return { at, window, value: undefined, undetermined };
  }

  /** The term that is met by matches up to `at`, the one that began last. */
  #meet(at: number): Met | undefined {
    const { terms, ordered, timespan } = this.#options;
    let best: Met | undefined;
    for (const term of terms) {
      const start = this.#steps.latestStart(term.present, ordered, at);
      if (start < at - timespan || (best !== undefined && start <= best.start)) continue;
      const isIn = (steps: StepIndex) => (step: number) => steps.earliest(step, at - timespan) <= start + timespan;
      if (term.absent.some(isIn(this.#certain))) continue;
      best = { term, start, undetermined: term.absent.some(isIn(this.#steps)) };
    }
    return best;
  }

  #keep(entry: Entry<Sample>): void {
    this.#entries.insert(entry);
    this.#steps.keep(entry);
    if (!entry.undetermined) this.#certain.keep(entry);
  }

  #drop(): void {
    const entry = this.#entries.dropFirst();
    if (entry === undefined) return;
    this.#judged = Math.max(0, this.#judged - 1);
    this.#steps.release(entry);
    if (!entry.undetermined) this.#certain.release(entry);
  }
}
