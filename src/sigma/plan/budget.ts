import type { Limits } from '../limits.ts';

/** What one document may still spend while its plan is built. Mutable, and used by one build only. */
export class Budget {
  #values: number;
  #units: number;
  #regexInstructions: number;
  #references: number;

  constructor(limits: Limits) {
    this.#values = limits.maxValues;
    this.#units = limits.maxValueUnits;
    this.#regexInstructions = limits.maxRegexInstructions;
    this.#references = limits.maxReferences;
  }

  /** Spends on a value of so many UTF-16 units; false when nothing is left. */
  spendValue(units: number): boolean {
    this.#values--;
    this.#units -= units;
    return !this.isExhausted;
  }

  /** Spends on a compiled regular expression; false when nothing is left. */
  spendRegex(instructions: number): boolean {
    this.#regexInstructions -= instructions;
    return this.#regexInstructions >= 0;
  }

  /** Spends on a condition's reference to a node of so many nodes; false when nothing is left. */
  spendReference(nodes: number): boolean {
    this.#references -= nodes;
    return this.#references >= 0;
  }

  get isExhausted(): boolean {
    return this.#values < 0 || this.#units < 0;
  }
}
