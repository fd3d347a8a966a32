import { type AlertChoices, documentOf } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { type CompileOptions, SharedParts } from '../../sigma/index.ts';
import { compileRoot, type FoundRule } from './compile-root.ts';
import { type Compiled, type ResolvedRule, resolveRule } from './resolve-rule.ts';

/** What to compile rules with, at the moment. */
export type CompileSettings = () => Pick<CompileOptions, 'placeholders'>;

/** What became of a rule. */
export interface RuleChange {
  readonly rule: DetectionRule;
  readonly resolved: ResolvedRule;
}

/**
 * The rules of this replica, kept current with the DetectionRules of the cluster. A bad rule hurts only itself, and those
 * that refer to it.
 */
export class RuleBook {
  readonly #settings: CompileSettings;
  readonly #defaults: AlertChoices;
  readonly #objects = new Map<string, DetectionRule>();
  readonly #rules = new Map<string, ResolvedRule>();
  readonly #shared = new SharedParts();

  /** @param defaults of the Alerts of rules that do not say */
  constructor(settings: CompileSettings, defaults: AlertChoices = {}) {
    this.#settings = settings;
    this.#defaults = defaults;
  }

  /** Takes in a new version of a rule, or the same one `again`; says what became of it and of those that refer to it. */
  put(rule: DetectionRule, again?: 'always'): readonly RuleChange[] {
    const { name } = rule.metadata;
    const before = this.#identities(name);
    this.#objects.set(name, rule);
    const change = this.#resolve(rule, again);
    return [change, ...this.#cascade(new Set([...before, ...this.#identities(name)]), new Set([name]))];
  }

  /** Says what became of the rules that referred to it. */
  remove(name: string): readonly RuleChange[] {
    const identities = this.#identities(name);
    this.#objects.delete(name);
    this.#rules.delete(name);
    return this.#cascade(identities, new Set([name]));
  }

  get(name: string): ResolvedRule | undefined {
    return this.#rules.get(name);
  }

  all(): Iterable<ResolvedRule> {
    return this.#rules.values();
  }

  #resolve(rule: DetectionRule, again?: 'always'): RuleChange {
    const { name } = rule.metadata;
    const compile = (sigma: string) => this.#compile(sigma, name);
    const resolved = resolveRule(rule, this.#rules.get(name), compile, again, this.#defaults);
    this.#rules.set(name, resolved);
    return { rule, resolved };
  }

  #compile(sigma: string, name: string): Compiled {
    return compileRoot(sigma, {
      ...this.#settings(),
      shared: this.#shared,
      name,
      resolve: (text) => this.#find(text, name),
    });
  }

  /** The accepted version of the rule that a reference of another one means. */
  #find(reference: string, from: string): FoundRule | undefined {
    const found = [...this.#objects.keys()].filter(
      (name) => name !== from && this.#identities(name).has(key(reference)),
    );
    const [name, second] = found;
    if (name === undefined) return undefined;
    if (second !== undefined) return { kind: 'ambiguous' };
    const accepted = this.#rules.get(name)?.accepted;
    if (accepted === undefined) return { kind: 'refused' };
    return { kind: 'accepted', version: accepted };
  }

  /** Under which texts others may refer to a rule. */
  #identities(name: string): ReadonlySet<string> {
    const root = this.#rules.get(name)?.accepted?.root;
    const document = root === undefined ? undefined : documentOf(root);
    return new Set([name, document?.name, document?.id].flatMap((text) => (text === undefined ? [] : [key(text)])));
  }

  /** Compiles again what refers to something that changed, and what refers to that. Each rule once. */
  #cascade(changed: ReadonlySet<string>, done: Set<string>): readonly RuleChange[] {
    const changes: RuleChange[] = [];
    for (const [name, rule] of this.#objects) {
      const references = this.#rules.get(name)?.references ?? [];
      if (done.has(name) || !references.some((text) => changed.has(key(text)))) continue;
      done.add(name);
      const change = this.#resolve(rule, 'always');
      changes.push(change, ...this.#cascade(this.#identities(name), done));
    }
    return changes;
  }
}

/** Ids are compared in any case; names of rules that differ only in case are asking for trouble anyway. */
function key(text: string): string {
  return text.toLowerCase();
}
