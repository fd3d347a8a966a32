/**
 * Items in the order of their times; equal times in the order of arrival. Appending and dropping from the front are amortised O(1), finding is O(log n), inserting
 * costs the items behind.
 */
export class TimeOrderedList<T extends { readonly time: number }> {
  readonly #items: T[] = [];
  #start = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#items[this.#start + index];
  }

  get last(): T | undefined {
    return this.length === 0 ? undefined : this.#items.at(-1);
  }

  /** Index of the first item at `time` or later. */
  lowerBound(time: number): number {
    return this.#search((item) => item.time < time);
  }

  /** Index of the first item later than `time`. */
  upperBound(time: number): number {
    return this.#search((item) => item.time <= time);
  }

  insert(item: T): void {
    const { last } = this;
    if (last === undefined || last.time <= item.time) this.#items.push(item);
    else this.#items.splice(this.#start + this.upperBound(item.time), 0, item);
  }

  dropFirst(): T | undefined {
    const item = this.#items[this.#start];
    if (item === undefined) return undefined;
    this.#start++;
    if (this.#start > 32 && this.#start * 2 > this.#items.length) {
      this.#items.splice(0, this.#start);
      this.#start = 0;
    }
    return item;
  }

  slice(from: number, to: number = this.length): readonly T[] {
    return this.#items.slice(this.#start + from, this.#start + to);
  }

  #search(isBefore: (item: T) => boolean): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.at(middle);
      if (item !== undefined && isBefore(item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
