import type { ActiveRule } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { type Compile, type ResolvedRule, resolveRule } from './resolve-rule.ts';

/**
 * The rules of this replica, kept current with the DetectionRules of the cluster. A bad rule hurts only itself. Swapping is
 * the replacement of one frozen list: whoever holds the list of a moment goes on with it undisturbed.
 */
export class RuleBook {
  readonly #compile: Compile;
  readonly #rules = new Map<string, ResolvedRule>();
  #active: readonly ActiveRule[] | undefined;

  constructor(compile: Compile) {
    this.#compile = compile;
  }

  /** Takes in a new version of a rule, or the same one `again`, and says what became of it. */
  put(rule: DetectionRule, again?: 'always'): ResolvedRule {
    const resolved = resolveRule(rule, this.#rules.get(rule.metadata.name), this.#compile, again);
    this.#rules.set(resolved.name, resolved);
    this.#active = undefined;
    return resolved;
  }

  remove(name: string): void {
    this.#rules.delete(name);
    this.#active = undefined;
  }

  get(name: string): ResolvedRule | undefined {
    return this.#rules.get(name);
  }

  all(): Iterable<ResolvedRule> {
    return this.#rules.values();
  }

  /** What runs now, in the order of the rules' names. */
  active(): readonly ActiveRule[] {
    this.#active ??= Object.freeze(
      [...this.#rules.values()].flatMap(({ active }) => active ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    return this.#active;
  }
}
