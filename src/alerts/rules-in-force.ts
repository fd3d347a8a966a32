import type { Outcome, StageRule } from '../audit/index.ts';
import { type CompiledRule, type CorrelationSource, evaluate, type Plan, type Verdict } from '../sigma/index.ts';
import type { ActiveRule } from './active-rule.ts';

/** A detection rule that is looked for: by itself, for a correlation, or both. */
export interface WatchedRule extends StageRule {
  readonly id: string;
  readonly plan: Plan;
  readonly outcomes: ReadonlySet<Outcome>;
  readonly dryRuns: boolean;
  /** Whose Alerts its matches are; undefined where they only feed a correlation. */
  readonly raises: ActiveRule | undefined;
  readonly compiled: CompiledRule;
}

/** A match of a watched rule. */
export interface WatchedMatch {
  readonly watched: WatchedRule;
  readonly verdict: Exclude<Verdict, 'no-match'>;
}

/** A correlation that takes in the matches of a rule, and what it needs of them. */
export interface Feed {
  readonly correlation: ActiveRule;
  readonly source: CorrelationSource;
}

/** All rules that run at a moment. Immutable. */
export class RulesInForce {
  readonly rules: readonly ActiveRule[];
  readonly #watched: readonly WatchedRule[];
  readonly #feeds: ReadonlyMap<string, readonly Feed[]>;

  constructor(rules: readonly ActiveRule[]) {
    this.rules = rules;
    this.#watched = rules.flatMap(watchedRules);
    this.#feeds = Map.groupBy(rules.flatMap(feeds), ({ source }) => source.key);
  }

  /** What matches an event, in a fixed order. */
  match(event: object, bodiesUnknown: boolean): readonly WatchedMatch[] {
    return this.#watched.flatMap((watched) => {
      const verdict = evaluate(watched.plan, event, { bodiesUnknown });
      return verdict === 'no-match' ? [] : [{ watched, verdict }];
    });
  }

  /** The correlations that take in the matches of a rule. */
  feedsOf({ id }: WatchedRule): readonly Feed[] {
    return this.#feeds.get(id) ?? [];
  }

  get correlations(): readonly ActiveRule[] {
    return this.rules.filter(({ root }) => root.kind === 'correlation');
  }
}

function watchedRules(rule: ActiveRule): readonly WatchedRule[] {
  if (rule.root.kind === 'rule') return [watched(rule.name, rule.root.rule, rule, rule)];
  return rule.root.correlation.sources
    .filter(({ origin }) => origin === 'inside')
    .map((source) => watched(source.key, source.rule, rule, source.output ? asRule(rule, source.rule) : undefined));
}

/** A rule inside a correlation that asks for results of its own: it raises Alerts under the DetectionRule's name. */
function asRule(rule: ActiveRule, compiled: CompiledRule): ActiveRule {
  return { ...rule, root: { kind: 'rule', rule: compiled }, document: compiled.document };
}

function watched(
  id: string,
  compiled: CompiledRule,
  { outcomes, dryRuns }: ActiveRule,
  raises: ActiveRule | undefined,
): WatchedRule {
  const testsStage = compiled.testedFields.includes('stage');
  return Object.freeze({ id, name: id, plan: compiled.plan, outcomes, dryRuns, raises, compiled, testsStage });
}

function feeds(correlation: ActiveRule): readonly Feed[] {
  if (correlation.root.kind !== 'correlation') return [];
  return correlation.root.correlation.sources.map((source) => ({ correlation, source }));
}
