import type { DetectionEngine } from '../../engine/index.ts';
import { describeError, type Logger } from '../../kube/index.ts';
import type { FilterBook } from '../detection-filter/filter-book.ts';
import type { ResolvedFilter } from '../detection-filter/resolve-filter.ts';
import type { ResolvedRule } from './resolve-rule.ts';
import type { RuleBook } from './rule-book.ts';

export interface EngineRulesOptions {
  readonly book: Pick<RuleBook, 'get'>;
  readonly filterBook: Pick<FilterBook, 'all' | 'active'>;
  readonly engine: Pick<DetectionEngine, 'setRules'>;
  /** The engine runs other rules or filters than before. */
  readonly onChange: () => void;
  readonly logger: Logger;
}

/**
 * Keeps the rules and filters that the engine runs to what the books hold; knows what it runs already. Changes that come
 * together go together.
 */
export class EngineRules {
  readonly #options: EngineRulesOptions;
  readonly #changed = new Set<string>();
  #filtersChanged = false;
  readonly #rules = new Map<string, ResolvedRule>();
  #filters: ReadonlyMap<string, ResolvedFilter> = new Map();
  #work: Promise<void> | undefined;

  constructor(options: EngineRulesOptions) {
    this.#options = options;
  }

  /** The rules of these names are others in the book now. */
  changed(names: readonly string[]): void {
    for (const name of names) this.#changed.add(name);
    if (names.length > 0) this.#work ??= this.#bring();
  }

  /** The filters are others in the book now. */
  filtersChanged(): void {
    this.#filtersChanged = true;
    this.#work ??= this.#bring();
  }

  /** The rules that the engine has taken in. */
  running(): Iterable<ResolvedRule> {
    return this.#rules.values();
  }

  /** The filters that the engine has taken in. */
  runningFilters(): Iterable<ResolvedFilter> {
    return this.#filters.values();
  }

  /** Resolves once the engine runs what the books hold. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #bring(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#changed.size > 0 || this.#filtersChanged) {
      const { book, filterBook } = this.#options;
      const rules = [...this.#changed].map((name) => ({ name, rule: book.get(name) }));
      const filters = this.#filtersChanged ? [...filterBook.all()] : undefined;
      this.#changed.clear();
      this.#filtersChanged = false;
      try {
        await this.#bringThese(rules, filters);
        this.#options.onChange();
      } catch (error) {
        // It has ended for good: nothing reads any more either.
        this.#options.logger.error('the engine takes no rules', { error: describeError(error) });
      }
    }
    this.#work = undefined;
  }

  async #bringThese(
    rules: readonly { readonly name: string; readonly rule: ResolvedRule | undefined }[],
    filters: readonly ResolvedFilter[] | undefined,
  ): Promise<void> {
    const { engine, filterBook, logger } = this.#options;
    const uncompiled = await engine.setRules({
      set: rules.flatMap(({ rule }) => rule?.active ?? []),
      remove: rules.flatMap(({ name, rule }) => (rule?.active === undefined ? name : [])),
      filters: filters && filterBook.active(),
    });
    for (const { kind, name, message } of uncompiled) {
      logger.error(`a ${kind} that was accepted does not run`, { [kind]: name, error: message });
    }
    const failed = (kind: 'rule' | 'filter', name: string): boolean =>
      uncompiled.some((text) => text.kind === kind && text.name === name);
    for (const { name, rule } of rules) {
      if (failed('rule', name)) continue;
      if (rule !== undefined) this.#rules.set(name, rule);
      else if (this.#rules.delete(name)) logger.info('rule removed', { rule: name });
    }
    if (filters === undefined) return;
    const before = this.#filters;
    this.#filters = new Map(filters.flatMap((each) => (failed('filter', each.name) ? [] : [[each.name, each]])));
    for (const name of before.keys()) if (!this.#filters.has(name)) logger.info('filter removed', { filter: name });
  }
}
