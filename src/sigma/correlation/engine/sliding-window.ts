import { type Entry, restoreEntry, type StoredEntry, storeEntry } from './entry.ts';
import { type Episode, overlap } from './episode.ts';
import type { Addition, GroupWindow, Occurrence, WindowOptions } from './group-window.ts';
import type { Measure } from './measure.ts';
import { TimeOrderedList } from './time-ordered-list.ts';

export interface StoredSlidingWindow<Sample> {
  readonly kind: 'sliding';
  readonly entries: readonly StoredEntry<Sample>[];
  readonly left: number;
  readonly episodes: readonly Episode[];
}

/**
 * A group whose condition is judged at each match, over the window that ends there: the matches of the last timespan, both edges included. It fires when the condition
 * begins to hold; it goes on without firing as long as the condition holds at each match and none is more than the timespan after the one before.
 *
 * A match out of order is put where it belongs: the window goes back to it and forth again, which costs the matches that came in the time by which it is
 * late. A run of matches at which the condition holds only now fires if it overlaps none that has fired.
 */
export class SlidingWindow<Sample> implements GroupWindow<Sample, StoredSlidingWindow<Sample>> {
  readonly #options: WindowOptions;
  readonly #measure: Measure;
  readonly #entries = new TimeOrderedList<Entry<Sample>>();
  /** The window is the entries from `left` up to, but not including, `right`; between two additions `right` is the end. */
  #left = 0;
  #right = 0;
  /** In the order of time. */
  #episodes: Episode[] = [];
  readonly due = undefined;

  constructor(options: WindowOptions, measure: Measure, stored?: StoredSlidingWindow<Sample>) {
    this.#options = options;
    this.#measure = measure;
    if (stored === undefined) return;
    for (const entry of stored.entries) this.#keep(restoreEntry(entry));
    this.#left = stored.left;
    this.#right = stored.left;
    this.#take(Infinity);
    this.#episodes = [...stored.episodes];
  }

  get size(): number {
    return this.#entries.length;
  }

  advance(): readonly [] {
    return [];
  }

  store(): StoredSlidingWindow<Sample> {
    return {
      kind: 'sliding',
      entries: this.#entries.slice(0).map(storeEntry),
      left: this.#left,
      episodes: [...this.#episodes],
    };
  }

  add(entry: Entry<Sample>): Addition<Sample> {
    const newest = this.#entries.last?.time ?? -Infinity;
    if (entry.time < newest - this.#options.lateness) return { late: true, fired: [], evicted: 0 };
    const fired = entry.time >= newest ? this.#append(entry) : this.#insert(entry);
    return { late: false, fired, evicted: this.#shrink() };
  }

  #append(entry: Entry<Sample>): readonly Occurrence<Sample>[] {
    this.#slide(entry.time);
    this.#keep(entry);
    this.#take(entry.time);
    return this.#judge(entry.time) === undefined ? [] : [this.#occurrence(this.#left, this.#right)];
  }

  #insert(entry: Entry<Sample>): readonly Occurrence<Sample>[] {
    const before = this.#episodes;
    const previous = this.#instantBefore(entry.time);
    this.#rewind(entry.time);
    this.#episodes = before
      .filter(({ from }) => from < entry.time)
      .map(({ from, to }) => ({ from, to: to < entry.time ? to : previous }));
    this.#keep(entry);
    const begun: { from: number; left: number; right: number }[] = [];
    while (this.#right < this.#entries.length) {
      const time = this.#entries.at(this.#right)?.time ?? 0;
      this.#slide(time);
      this.#take(time);
      const episode = this.#judge(time);
      if (episode !== undefined) begun.push({ from: episode.from, left: this.#left, right: this.#right });
    }
    return begun
      .filter(({ from }) => {
        const episode = this.#episodes.find((one) => one.from === from);
        return episode !== undefined && !before.some((other) => overlap(episode, other));
      })
      .map(({ left, right }) => this.#occurrence(left, right));
  }

  /** Goes back to right before the matches at `time`. */
  #rewind(time: number): void {
    const end = this.#entries.lowerBound(time);
    for (let i = this.#right - 1; i >= Math.max(end, this.#left); i--) this.#remove(i);
    const left = this.#entries.lowerBound(time - this.#options.timespan);
    for (let i = Math.min(this.#left, end) - 1; i >= left; i--) this.#addAt(i);
    this.#left = left;
    this.#right = end;
  }

  /** Lets those go that are too old for a window ending at `time`. */
  #slide(time: number): void {
    const oldest = time - this.#options.timespan;
    while (this.#left < this.#right && (this.#entries.at(this.#left)?.time ?? Infinity) < oldest)
      this.#remove(this.#left++);
  }

  /** Takes the matches up to `time` into the window. */
  #take(time: number): void {
    while (this.#right < this.#entries.length && (this.#entries.at(this.#right)?.time ?? 0) <= time)
      this.#addAt(this.#right++);
  }

  /** Judges the window that ends with the matches at `time`; returns the episode that begins there. */
  #judge(time: number): Episode | undefined {
    const previous = this.#instantBefore(time);
    const last = this.#episodes.at(-1);
    if (!this.#holds()) {
      // Another match at this very time has undone what the ones before it made.
      if (last?.to === time) this.#replaceLast(last.from < time ? { from: last.from, to: previous } : undefined);
      return undefined;
    }
    const lasts = last?.to === time || (last?.to === previous && time - previous <= this.#options.timespan);
    if (last !== undefined && lasts) {
      this.#replaceLast({ from: last.from, to: time });
      return undefined;
    }
    const episode = { from: time, to: time };
    this.#episodes.push(episode);
    return episode;
  }

  #replaceLast(episode: Episode | undefined): void {
    this.#episodes.pop();
    if (episode !== undefined) this.#episodes.push(episode);
  }

  /** The time of the last match before `time`. */
  #instantBefore(time: number): number {
    return this.#entries.at(this.#entries.lowerBound(time) - 1)?.time ?? -Infinity;
  }

  /** Forgets what no match that may still come can need, and what is too much. */
  #shrink(): number {
    const newest = this.#entries.last?.time ?? 0;
    const { lateness, timespan, maxMatches } = this.#options;
    while ((this.#entries.at(0)?.time ?? Infinity) < newest - lateness - timespan) this.#drop();
    let evicted = 0;
    for (; this.#entries.length > maxMatches; evicted++) this.#drop();
    while ((this.#episodes[0]?.to ?? Infinity) < newest - lateness - timespan) this.#episodes.shift();
    return evicted;
  }

  #drop(): void {
    if (this.#left === 0) this.#remove(0);
    else this.#left--;
    this.#right--;
    const entry = this.#entries.dropFirst();
    if (entry !== undefined) this.#measure.release(entry);
  }

  #holds(): boolean {
    return this.#left < this.#right && this.#measure.holds(...this.#bounds(this.#left, this.#right));
  }

  #bounds(left: number, right: number): [after: number, to: number] {
    const before = left === 0 ? undefined : this.#entries.at(left - 1);
    return [before?.time ?? -Infinity, this.#entries.at(right - 1)?.time ?? -Infinity];
  }

  #occurrence(left: number, right: number): Occurrence<Sample> {
    const window = this.#entries.slice(left, right);
    const [after, to] = this.#bounds(left, right);
    const undetermined = window.some((entry) => entry.undetermined);
    return { at: to, window, value: this.#measure.value(window, after, to), undetermined };
  }

  #keep(entry: Entry<Sample>): void {
    this.#entries.insert(entry);
    this.#measure.keep(entry);
  }

  #addAt(index: number): void {
    const entry = this.#entries.at(index);
    if (entry !== undefined) this.#measure.add(entry);
  }

  #remove(index: number): void {
    const entry = this.#entries.at(index);
    if (entry !== undefined) this.#measure.remove(entry);
  }
}
