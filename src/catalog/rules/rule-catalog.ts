import { type CompiledRule, type CompileOptions, compileRule, type RuleDocument } from '../../sigma/index.ts';
import { attackCoverage } from '../attack/attack-coverage.ts';
import { detectionStages } from '../detection/detection-view.ts';
import { type Indicator, indicatorsOf } from '../detection/indicators.ts';
import { type EventCoverage, eventCoverage } from '../events/event-coverage.ts';
import { loggedOperations } from '../observability/logged-operations.ts';
import { observability } from '../observability/observability.ts';
import type { AuditPolicy } from '../policy/policy.ts';
import { correlatedRules, correlationViews } from './correlation-page.ts';
import { type CatalogEntry, documentOf, identityOf, type RuleSource, ruleOf, streamOf, titleOf } from './entry.ts';
import { type RelatedRule, ruleMetadata } from './metadata.ts';
import { PostingLists } from './posting-lists.ts';
import type { CountedIndicator, RulePage, SameAction } from './rule-page.ts';
import { overlapsWith } from './same-action.ts';
import { termOf, watchedOperations } from './watched-terms.ts';

/** What the catalog works out when a rule is added. */
interface Analysis {
  readonly rule: CompiledRule;
  readonly indicators: readonly Indicator[];
  /** Of rules for Kubernetes audit events. */
  readonly events: EventCoverage | undefined;
}

/**
 * A set of rules and what is known about each and about them together. Rules can be added and removed one by one; that costs what the rule itself costs,
 * however many there are. Broken rules, rules without id and copies are all right.
 */
export class RuleCatalog {
  readonly #entries = new Map<string, CatalogEntry>();
  readonly #analyses = new Map<string, Analysis>();
  /** By identity, which copies share. */
  readonly #copies = new PostingLists<string>();
  /** By log source and combination. */
  readonly #combinations = new PostingLists<string>();
  /** By watched operation; rules that constrain a resource. */
  readonly #operations = new PostingLists<string>();
  /** Rules for Kubernetes audit events that constrain no resource. */
  readonly #unconstrained = new Set<string>();
  /** By the id that they name as related, in lower case. */
  readonly #relations = new PostingLists<string>();
  readonly #compileOptions: CompileOptions;

  /** `compileOptions` are for rules that come without a result. */
  constructor(compileOptions: CompileOptions = {}) {
    this.#compileOptions = compileOptions;
  }

  /** Adds a rule, and returns its key. */
  add(source: RuleSource): string {
    const key = this.#freeKey(source.name ?? source.file ?? 'rule');
    const entry: CatalogEntry = {
      ...source,
      key,
      result: source.result ?? compileRule(source.source, this.#compileOptions),
    };
    this.#entries.set(key, entry);
    this.#copies.add(key, [identityOf(entry)]);
    this.#relations.add(key, documentOf(entry)?.related.map(({ id }) => id.toLowerCase()) ?? []);
    const rule = ruleOf(entry);
    if (rule === undefined) return key;
    const events = rule.appliesToKubernetesAudit ? eventCoverage(rule) : undefined;
    const indicators = indicatorsOf(rule.plan);
    this.#analyses.set(key, { rule, indicators, events });
    this.#combinations.add(
      key,
      indicators.map((indicator) => combinationIn(rule, indicator)),
    );
    if (events?.constrains.resource === true) this.#operations.add(key, watchedOperations(events).map(termOf));
    else if (events !== undefined) this.#unconstrained.add(key);
    return key;
  }

  /** Removes a rule; false where there is none. */
  remove(key: string): boolean {
    for (const index of [this.#copies, this.#combinations, this.#operations, this.#relations]) index.remove(key);
    this.#unconstrained.delete(key);
    this.#analyses.delete(key);
    return this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** In the order in which they were added. */
  entries(): readonly CatalogEntry[] {
    return [...this.#entries.values()];
  }

  /** The keys of the rules of a key, an id, a name, a file or a title, in any case: the first of these that any rule has. */
  find(text: string): readonly string[] {
    const wanted = text.trim().toLowerCase();
    const byId = this.#copies.entriesOf(`id ${wanted}`);
    if (byId.size > 0) return [...byId];
    const entries = this.entries();
    for (const name of [keyName, entryName, fileName, titleOf]) {
      const found = entries.filter((entry) => name(entry)?.toLowerCase() === wanted);
      if (found.length > 0) return found.map(({ key }) => key);
    }
    return [];
  }

  /** What a rule watches; undefined where it is broken or not about Kubernetes audit events. */
  eventsOf(key: string): EventCoverage | undefined {
    return this.#analyses.get(key)?.events;
  }

  /** The indicators of a rule with their counts; empty where it is broken. */
  indicatorsOf(key: string): readonly CountedIndicator[] {
    const analysis = this.#analyses.get(key);
    const entry = this.#entries.get(key);
    if (analysis === undefined || entry === undefined) return [];
    const own = identityOf(entry);
    return analysis.indicators.map((indicator) => {
      const holders = this.#combinations.entriesOf(combinationIn(analysis.rule, indicator));
      const rules = new Set([...holders].map((holder) => this.#identity(holder)));
      rules.delete(own);
      return { ...indicator, otherRules: rules.size };
    });
  }

  /** The page of a rule; with an audit policy, also what that lets it see. Undefined where there is no such rule. */
  page(key: string, policy?: AuditPolicy): RulePage | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const { name, file, source, choices, result } = entry;
    const origin = {
      key,
      title: titleOf(entry),
      ...(name === undefined ? {} : { name }),
      ...(file === undefined ? {} : { file }),
      source,
      ...(choices === undefined ? {} : { choices }),
    };
    if (!result.ok) return { kind: 'broken', ...origin, errors: result.errors };
    const document = 'rule' in result ? result.rule.document : result.correlation.document;
    const about = {
      findings: result.findings,
      metadata: ruleMetadata(document, choices, {
        related: this.#related(document),
        relatedFrom: this.#relatedFrom(document),
      }),
      attack: attackCoverage(document.tags),
    };
    if (!('rule' in result)) {
      const { correlation } = result;
      const rules = correlatedRules(correlation, (rule) => this.#keyOf(rule), policy);
      return { kind: 'correlation', ...origin, ...about, correlations: correlationViews(correlation), rules };
    }
    const { rule } = result;
    const events = this.eventsOf(key);
    return {
      kind: 'rule',
      ...origin,
      ...about,
      ...(events === undefined ? {} : { events, sameAction: this.#sameAction(key) }),
      observability: observability(rule, policy),
      ...(events === undefined || policy === undefined ? {} : { logged: loggedOperations(rule, policy) }),
      stages: detectionStages(rule.plan, source),
      indicators: this.indicatorsOf(key),
    };
  }

  #sameAction(key: string): SameAction {
    const own = this.#identity(key);
    const isOther = (other: string): boolean => this.#identity(other) !== own;
    return {
      rules: overlapsWith(this.#operations, key)
        .filter((overlap) => isOther(overlap.key))
        .map((overlap) => ({ ...this.#nameOf(overlap.key), ...overlap })),
      unconstrained: [...this.#unconstrained].filter(isOther).map((other) => this.#nameOf(other)),
    };
  }

  /** Of a rule that feeds a correlation: by its id, else its title. */
  #keyOf({ document: { id, title } }: CompiledRule): string | undefined {
    return this.find(id ?? title).find((key) => this.#analyses.has(key));
  }

  #related(document: RuleDocument): readonly RelatedRule[] {
    return document.related.map(({ id, type }) => {
      const [key] = this.#copies.entriesOf(`id ${id.toLowerCase()}`);
      return key === undefined ? { id, type } : { id, type, key, title: this.#nameOf(key).title };
    });
  }

  #relatedFrom({ id: ownId }: RuleDocument): readonly RelatedRule[] {
    const own = ownId?.toLowerCase();
    if (own === undefined) return [];
    return [...this.#relations.entriesOf(own)].flatMap((key) => {
      const entry = this.#entries.get(key);
      const document = entry && documentOf(entry);
      const relations = document?.related.filter(({ id }) => id.toLowerCase() === own) ?? [];
      return relations.map(({ type }) => ({ id: document?.id ?? '', type, key, title: this.#nameOf(key).title }));
    });
  }

  #nameOf(key: string): { readonly key: string; readonly title: string; readonly id?: string } {
    const entry = this.#entries.get(key);
    const id = entry && documentOf(entry)?.id;
    const title = entry === undefined ? key : titleOf(entry);
    return id === undefined ? { key, title } : { key, title, id };
  }

  #identity(key: string): string {
    const [identity = key] = this.#copies.termsOf(key);
    return identity;
  }

  #freeKey(wanted: string): string {
    let key = wanted;
    for (let n = 2; this.#entries.has(key); n++) key = `${wanted} (${n})`;
    return key;
  }
}

function combinationIn(rule: CompiledRule, { key }: Indicator): string {
  return `${streamOf(rule)} ${key}`;
}

function keyName({ key }: CatalogEntry): string {
  return key;
}

function entryName({ name }: CatalogEntry): string | undefined {
  return name;
}

function fileName({ file }: CatalogEntry): string | undefined {
  return file;
}
