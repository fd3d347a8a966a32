import type { DetectionEngine } from '../../engine/index.ts';
import type { Logger } from '../../kube/index.ts';
import type { ResolvedRule } from './resolve-rule.ts';
import type { RuleBook } from './rule-book.ts';

export interface EngineRulesOptions {
  readonly book: Pick<RuleBook, 'get'>;
  readonly engine: Pick<DetectionEngine, 'setRules'>;
  /** The engine runs other rules than before. */
  readonly onChange: (names: readonly string[]) => void;
  readonly logger: Logger;
}

/** Keeps what the engine runs to what the book holds; knows what it runs already. Changes that come together go together. */
export class EngineRules {
  readonly #options: EngineRulesOptions;
  readonly #changed = new Set<string>();
  readonly #running = new Map<string, ResolvedRule>();
  #work: Promise<void> | undefined;

  constructor(options: EngineRulesOptions) {
    this.#options = options;
  }

  /** The rules of these names are others in the book now. */
  changed(names: readonly string[]): void {
    for (const name of names) this.#changed.add(name);
    if (this.#changed.size > 0) this.#work ??= this.#bring();
  }

  /** What the engine has taken in. */
  running(): Iterable<ResolvedRule> {
    return this.#running.values();
  }

  /** Resolves once the engine runs what the book holds. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #bring(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#changed.size > 0) {
      const names = [...this.#changed];
      this.#changed.clear();
      await this.#bringThese(names);
      this.#options.onChange(names);
    }
    this.#work = undefined;
  }

  async #bringThese(names: readonly string[]): Promise<void> {
    const { book, engine, logger } = this.#options;
    const rules = names.map((name) => ({ name, rule: book.get(name) }));
    const uncompiled = await engine.setRules({
      set: rules.flatMap(({ rule }) => rule?.active ?? []),
      remove: rules.flatMap(({ name, rule }) => (rule?.active === undefined ? name : [])),
    });
    for (const { name, message } of uncompiled) {
      logger.error('a rule that was accepted does not run', { rule: name, error: message });
    }
    const failed = new Set(uncompiled.map(({ name }) => name));
    for (const { name, rule } of rules) {
      if (failed.has(name)) continue;
      if (rule !== undefined) this.#running.set(name, rule);
      else if (this.#running.delete(name)) logger.info('rule removed', { rule: name });
    }
  }
}
