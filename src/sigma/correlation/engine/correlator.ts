import { type CorrelationNode, fieldOfStep } from '../compiled-correlation.ts';
import { AbsenceWindow, type StoredAbsenceWindow } from './absence-window.ts';
import type { CorrelationCounters } from './counters.ts';
import { DueQueue } from './due-queue.ts';
import type { Entry } from './entry.ts';
import { type FieldsByName, fieldNumber, fieldText, valuesOf } from './field-text.ts';
import type { GroupWindow, Occurrence } from './group-window.ts';
import type { CorrelationLimits } from './limits.ts';
import { measureOf } from './measure-of.ts';
import { SlidingWindow, type StoredSlidingWindow } from './sliding-window.ts';

/** A match of one of a correlation's rules. */
export interface StepMatch<Sample> {
  readonly step: number;
  readonly time: number;
  readonly fields: FieldsByName;
  readonly undetermined: boolean;
  readonly sample: Sample;
}

/** One group that fired. */
export interface FiredGroup<Sample> extends Occurrence<Sample> {
  /** The values of group-by, in its order. */
  readonly values: readonly string[];
}

export type StoredWindow<Sample> = StoredSlidingWindow<Sample> | StoredAbsenceWindow<Sample>;

export interface StoredGroup<Sample> {
  readonly values: readonly string[];
  readonly touchedAt: number;
  readonly window: StoredWindow<Sample>;
}

interface Group<Sample> {
  readonly key: string;
  readonly values: readonly string[];
  readonly window: GroupWindow<Sample, StoredWindow<Sample>>;
  /** The clock when it was fed last. */
  touchedAt: number;
}

export interface CorrelatorOptions {
  readonly limits: CorrelationLimits;
  readonly lateness: number;
  readonly counters: CorrelationCounters;
}

/** The groups of one correlation, those that were fed least recently first. */
export class Correlator<Sample> {
  readonly node: CorrelationNode;
  readonly #options: CorrelatorOptions;
  readonly #groups = new Map<string, Group<Sample>>();
  readonly #due = new DueQueue<string>();
  #matches = 0;

  constructor(node: CorrelationNode, options: CorrelatorOptions, stored: readonly StoredGroup<Sample>[] = []) {
    this.node = node;
    this.#options = options;
    for (const { values, touchedAt, window } of stored) {
      const group = this.#newGroup(values, touchedAt, window);
      this.#groups.set(group.key, group);
      this.#matches += group.window.size;
      this.#plan(group);
    }
  }

  /** Nothing waits longer than this for the clock. */
  get wait(): number {
    return this.node.timespan + this.#options.lateness;
  }

  get groups(): number {
    return this.#groups.size;
  }

  /** Matches in memory. */
  get matches(): number {
    return this.#matches;
  }

  store(): readonly StoredGroup<Sample>[] {
    return [...this.#groups.values()].map(({ values, touchedAt, window }) => ({
      values,
      touchedAt,
      window: window.store(),
    }));
  }

  /** Lets time pass: what is decided by it fires, and groups that nothing can come of any more are forgotten. */
  advance(clock: number): readonly FiredGroup<Sample>[] {
    const fired: FiredGroup<Sample>[] = [];
    for (const group of this.#takeDue(clock)) {
      const size = group.window.size;
      fired.push(...withValues(group, group.window.advance(clock)));
      this.#matches += group.window.size - size;
      this.#plan(group);
    }
    for (const group of this.#groups.values()) {
      if (!this.#isForgotten(group, clock)) break;
      this.#remove(group);
      this.#options.counters.expiredGroups++;
    }
    return fired;
  }

  feed(match: StepMatch<Sample>, clock: number): readonly FiredGroup<Sample>[] {
    const { counters } = this.#options;
    const { step, time, undetermined, sample } = match;
    counters.matches++;
    const { groupBy, carried } = this.node;
    const values = groupBy.flatMap((name) => this.#text(match, name) ?? []);
    if (values.length < groupBy.length) {
      counters.ungrouped++;
      return [];
    }
    const counted = this.#counted(match);
    if (counted === undefined) {
      counters.valueless++;
      return [];
    }
    const texts = carried.map((name) => this.#text(match, name) ?? null);
    const entry: Entry<Sample> = {
      time,
      step,
      undetermined,
      sample,
      ...counted,
      ...(texts.length > 0 && { carried: texts }),
    };
    return this.#add(values, entry, clock);
  }

  #add(values: readonly string[], entry: Entry<Sample>, clock: number): readonly FiredGroup<Sample>[] {
    const { counters } = this.#options;
    const group = this.#groups.get(keyOf(values)) ?? this.#newGroup(values, clock);
    const size = group.window.size;
    const { late, fired, evicted } = group.window.add(entry, clock);
    if (late) {
      counters.late++;
      return withValues(group, fired);
    }
    group.touchedAt = clock;
    this.#groups.delete(group.key);
    this.#groups.set(group.key, group);
    this.#matches += group.window.size - size;
    counters.evictedMatches += evicted;
    this.#plan(group);
    this.#makeRoom(group);
    return withValues(group, fired);
  }

  #text({ step, fields }: StepMatch<Sample>, name: string): string | undefined {
    const below = this.node.steps[step];
    return below && fieldText(valuesOf(fields, fieldOfStep(below, name)));
  }

  /** What is counted or computed with, if anything is; undefined where the match has no such value. */
  #counted(match: StepMatch<Sample>): Pick<Entry<Sample>, 'value'> | undefined {
    const { type, condition } = this.node;
    const [first, ...more] = condition.kind === 'Compare' ? condition.fields : [];
    if (first === undefined) return {};
    const value = type === 'value_count' ? this.#tuple(match, [first, ...more]) : this.#number(match, first);
    return value === undefined ? undefined : { value };
  }

  #number({ step, fields }: StepMatch<Sample>, name: string): number | undefined {
    const below = this.node.steps[step];
    return below && fieldNumber(valuesOf(fields, fieldOfStep(below, name)));
  }

  #tuple(match: StepMatch<Sample>, names: readonly string[]): string | undefined {
    const texts = names.flatMap((name) => this.#text(match, name) ?? []);
    if (texts.length < names.length) return undefined;
    return texts.length === 1 ? texts[0] : JSON.stringify(texts);
  }

  #newGroup(values: readonly string[], touchedAt: number, stored?: StoredWindow<Sample>): Group<Sample> {
    const { limits, lateness } = this.#options;
    const { timespan, type, condition, steps } = this.node;
    const maxMatches = Math.min(limits.maxMatchesPerGroup, limits.maxMatches);
    const options = { timespan, lateness, maxMatches };
    const window =
      condition.kind === 'Presence' && waits(this.node)
        ? new AbsenceWindow<Sample>(
            { ...options, terms: condition.terms, ordered: type === 'temporal_ordered', steps: steps.length },
            stored?.kind === 'absence' ? stored : undefined,
          )
        : new SlidingWindow<Sample>(options, measureOf(this.node), stored?.kind === 'sliding' ? stored : undefined);
    return { key: keyOf(values), values, window, touchedAt };
  }

  #isForgotten({ touchedAt }: Group<Sample>, clock: number): boolean {
    return clock - touchedAt > this.node.timespan + this.#options.lateness;
  }

  /** The groups for which time may decide something by now, in an order that does not depend on what was noted in vain. */
  #takeDue(clock: number): readonly Group<Sample>[] {
    const due = new Set<Group<Sample>>();
    for (let key = this.#due.popBefore(clock); key !== undefined; key = this.#due.popBefore(clock)) {
      const group = this.#groups.get(key);
      if (group !== undefined) due.add(group);
    }
    const dueAt = ({ window }: Group<Sample>): number => window.due ?? Infinity;
    return [...due].sort((a, b) => dueAt(a) - dueAt(b) || (a.key < b.key ? -1 : 1));
  }

  /** Notes when time will decide something about a group. Stale notes do no harm; when they are too many, all are written anew. */
  #plan(group: Group<Sample>): void {
    const { due } = group.window;
    if (due === undefined) return;
    if (this.#due.length > 4 * this.#groups.size + 64) {
      this.#due.clear();
      for (const { key, window } of this.#groups.values())
        if (window.due !== undefined) this.#due.push(key, window.due);
    }
    this.#due.push(group.key, due);
  }

  #makeRoom(current: Group<Sample>): void {
    const { limits, counters } = this.#options;
    for (const group of this.#groups.values()) {
      if (this.#groups.size <= limits.maxGroups && this.#matches <= limits.maxMatches) return;
      if (group === current) continue;
      counters.evictedGroups++;
      counters.evictedMatches += group.window.size;
      this.#remove(group);
    }
  }

  #remove(group: Group<Sample>): void {
    this.#groups.delete(group.key);
    this.#matches -= group.window.size;
  }
}

/** Whether a correlation fires only when its time is over, because a rule must be absent. */
export function waits({ condition }: CorrelationNode): boolean {
  return condition.kind === 'Presence' && condition.terms.some(({ absent }) => absent.length > 0);
}

function withValues<Sample>(
  { values }: Group<Sample>,
  fired: readonly Occurrence<Sample>[],
): readonly FiredGroup<Sample>[] {
  return fired.map((occurrence) => ({ ...occurrence, values }));
}

function keyOf(values: readonly string[]): string {
  return JSON.stringify(values);
}
