import { type ActiveRule, activeRule, RulesInForce } from '../alerts/index.ts';
import type { RulesChange, RunnableRule, UncompiledRule } from './detection-engine.ts';
import { compileText } from './rule-text.ts';

/** The rules of an engine, kept current by changes: a rule that did not change is not compiled again. */
export class RunningRules {
  readonly #rules = new Map<string, ActiveRule>();
  #inForce = RulesInForce.of([]);
  #changed = false;

  /** A rule that does not compile hurts only itself. */
  change({ set, remove }: RulesChange): readonly UncompiledRule[] {
    const uncompiled: UncompiledRule[] = [];
    for (const name of remove) this.#rules.delete(name);
    for (const rule of set) {
      try {
        this.#rules.set(rule.text.name, activate(rule));
      } catch (error) {
        uncompiled.push({ name: rule.text.name, message: error instanceof Error ? error.message : String(error) });
      }
    }
    this.#changed = true;
    return uncompiled;
  }

  /** In the order of their names. */
  inForce(): RulesInForce {
    if (this.#changed) {
      const rules = [...this.#rules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      this.#inForce = RulesInForce.of(rules, { before: this.#inForce });
      this.#changed = false;
    }
    return this.#inForce;
  }
}

/** Throws where the text does not compile. */
export function activate({ text, hash, choices, attack, defaults }: RunnableRule): ActiveRule {
  return activeRule(text.name, hash, compileText(text), choices, attack, defaults);
}
