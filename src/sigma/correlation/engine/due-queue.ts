/** Keys by the time at which they are due, earliest first; a heap. A key may stand in it more than once. */
export class DueQueue<Key> {
  readonly #heap: { readonly due: number; readonly key: Key }[] = [];

  get length(): number {
    return this.#heap.length;
  }

  push(key: Key, due: number): void {
    let index = this.#heap.length;
    this.#heap.push({ due, key });
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#due(parent) <= due) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Takes out the earliest key if it was due before `time`. */
  popBefore(time: number): Key | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.due >= time) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.key;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#due(left + 1) < this.#due(left) ? left + 1 : left;
      if (this.#due(child) >= this.#due(index)) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #due(index: number): number {
    return this.#heap[index]?.due ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
