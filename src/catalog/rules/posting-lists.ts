/** Which entries have which terms. Adding and removing an entry costs what its own terms cost. */
export class PostingLists<Term> {
  readonly #byTerm = new Map<Term, Set<string>>();
  readonly #byEntry = new Map<string, ReadonlySet<Term>>();

  add(entry: string, terms: Iterable<Term>): void {
    const own = new Set(terms);
    this.#byEntry.set(entry, own);
    for (const term of own) {
      const entries = this.#byTerm.get(term);
      if (entries === undefined) this.#byTerm.set(term, new Set([entry]));
      else entries.add(entry);
    }
  }

  remove(entry: string): void {
    for (const term of this.termsOf(entry)) {
      const entries = this.#byTerm.get(term);
      entries?.delete(entry);
      if (entries?.size === 0) this.#byTerm.delete(term);
    }
    this.#byEntry.delete(entry);
  }

  /** The entries that have a term, in the order in which they were added. */
  entriesOf(term: Term): ReadonlySet<string> {
    return this.#byTerm.get(term) ?? new Set();
  }

  termsOf(entry: string): ReadonlySet<Term> {
    return this.#byEntry.get(entry) ?? new Set();
  }

  /** Every term that some entry has. */
  terms(): IterableIterator<Term> {
    return this.#byTerm.keys();
  }
}
