import { type ActiveFilter, type ActiveRule, FiltersInForce, RulesInForce } from '../alerts/index.ts';
import { SharedParts } from '../sigma/index.ts';
import type { RulesChange, UncompiledText } from './detection-engine.ts';
import { activateFilter, type RunnableFilter } from './runnable-filter.ts';
import { activateRule, type RunnableRule } from './runnable-rule.ts';

/** The rules and filters of an engine, kept current by changes: a rule that did not change is not compiled again. */
export class RunningRules {
  readonly #rules = new Map<string, ActiveRule>();
  readonly #shared = new SharedParts();
  #filters = FiltersInForce.NONE;
  #inForce = RulesInForce.of([]);
  #changed = false;

  /** A text that does not compile hurts only itself: a rule goes on as it was, a filter leaves out nothing. */
  change({ set, remove, filters }: RulesChange): readonly UncompiledText[] {
    const uncompiled: UncompiledText[] = [];
    for (const name of remove) this.#rules.delete(name);
    for (const rule of set) {
      const active = attempt((one: RunnableRule) => activateRule(one, { shared: this.#shared }), rule);
      if ('error' in active) uncompiled.push({ kind: 'rule', name: rule.text.name, message: active.error });
      else this.#rules.set(rule.text.name, active);
    }
    if (filters !== undefined) uncompiled.push(...this.#setFilters(filters));
    this.#changed = true;
    return uncompiled;
  }

  /** In the order of their names. */
  inForce(): RulesInForce {
    if (this.#changed) {
      const rules = [...this.#rules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      this.#inForce = RulesInForce.of(rules, { before: this.#inForce, filters: this.#filters });
      this.#changed = false;
    }
    return this.#inForce;
  }

  #setFilters(filters: readonly RunnableFilter[]): readonly UncompiledText[] {
    const results = filters.map((filter) => ({ name: filter.name, active: attempt(activateFilter, filter) }));
    this.#filters = new FiltersInForce(results.flatMap(({ active }) => ('error' in active ? [] : active)));
    return results.flatMap(({ name, active }) =>
      'error' in active ? { kind: 'filter' as const, name, message: active.error } : [],
    );
  }
}

function attempt<T, A extends ActiveRule | ActiveFilter>(
  activate: (runnable: T) => A,
  runnable: T,
): A | { readonly error: string } {
  try {
    return activate(runnable);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
