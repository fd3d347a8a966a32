import type { Outcome, StageGate, StageRule } from '../audit/index.ts';
import {
  type CompiledRule,
  type CorrelationSource,
  LineScreen,
  RuleSet,
  type RuleSetEntry,
  type Verdict,
} from '../sigma/index.ts';
import type { ActiveRule } from './active-rule.ts';
import { FiltersInForce } from './filters-in-force.ts';
import { LogScreen } from './log-screen.ts';

/** A detection rule that is looked for: by itself, for a correlation, or both. */
export interface WatchedRule extends StageRule, RuleSetEntry {
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

/** All rules that run at a moment, compiled together. Immutable. */
export class RulesInForce {
  readonly rules: readonly ActiveRule[];
  /** Applied to what matches. */
  readonly filters: FiltersInForce;
  readonly #watched: ReadonlyMap<ActiveRule, readonly WatchedRule[]>;
  readonly #set: RuleSet<WatchedRule>;
  #screen: LineScreen | undefined;
  readonly #feeds: ReadonlyMap<string, readonly Feed[]>;

  private constructor(
    rules: readonly ActiveRule[],
    watched: ReadonlyMap<ActiveRule, readonly WatchedRule[]>,
    set: RuleSet<WatchedRule>,
    filters: FiltersInForce,
  ) {
    this.rules = rules;
    this.filters = filters;
    this.#watched = watched;
    this.#set = set;
    this.#feeds = Map.groupBy(rules.flatMap(feeds), ({ source }) => source.key);
  }

  /**
   * @param before what ran until now: only what is different from it is compiled
   * @param stages `all` shows rules RequestReceived, too, whether or not they ask for it
   */
  static of(
    rules: readonly ActiveRule[],
    {
      before,
      filters = FiltersInForce.NONE,
      stages = 'counted',
    }: {
      readonly before?: RulesInForce | undefined;
      readonly filters?: FiltersInForce | undefined;
      readonly stages?: 'counted' | 'all';
    } = {},
  ): RulesInForce {
    const kept = before === undefined ? new Map<ActiveRule, readonly WatchedRule[]>() : before.#watched;
    const watched = new Map(rules.map((rule) => [rule, kept.get(rule) ?? watchedRules(rule, stages)]));
    const now = new Map([...watched.values()].flat().map((rule) => [rule.id, rule]));
    if (before === undefined) return new RulesInForce(rules, watched, RuleSet.of(now.values()), filters);
    const known = new Map(before.#set.entries.map((rule) => [rule.id, rule]));
    const changes = {
      set: [...now.values()].filter((rule) => known.get(rule.id) !== rule),
      remove: [...known.keys()].filter((id) => !now.has(id)),
    };
    return new RulesInForce(rules, watched, before.#set.with(changes), filters);
  }

  /** Screens a log for what these rules need. @param gate of the log */
  screen(gate: StageGate): LogScreen {
    this.#screen ??= new LineScreen(this.#set);
    return new LogScreen(this.#screen, gate);
  }

  /** What matches an event, by the rules alone. */
  match(event: object, bodiesUnknown: boolean): readonly WatchedMatch[] {
    return this.#set.match(event, { bodiesUnknown }).map(({ entry, verdict }) => ({ watched: entry, verdict }));
  }

  /** The correlations that take in the matches of a rule. */
  feedsOf({ id }: WatchedRule): readonly Feed[] {
    return this.#feeds.get(id) ?? [];
  }

  get correlations(): readonly ActiveRule[] {
    return this.rules.filter(({ root }) => root.kind === 'correlation');
  }
}

function watchedRules(rule: ActiveRule, stages: 'counted' | 'all'): readonly WatchedRule[] {
  if (rule.root.kind === 'rule') return [watched(rule.name, rule.root.rule, rule, rule, stages)];
  return rule.root.correlation.sources
    .filter(({ origin }) => origin === 'inside')
    .map(({ key, rule: inside, output }) =>
      watched(key, inside, rule, output ? asRule(rule, inside) : undefined, stages),
    );
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
  stages: 'counted' | 'all',
): WatchedRule {
  const testsStage = compiled.testedFields.includes('stage');
  // A rule that does not ask for a stage sees none before the answer.
  const exceptStages = testsStage || stages === 'all' ? undefined : ['RequestReceived'];
  const { plan } = compiled;
  return Object.freeze({ id, name: id, plan, exceptStages, outcomes, dryRuns, raises, compiled, testsStage });
}

function feeds(correlation: ActiveRule): readonly Feed[] {
  if (correlation.root.kind !== 'correlation') return [];
  return correlation.root.correlation.sources.map((source) => ({ correlation, source }));
}
