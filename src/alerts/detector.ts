import type { AuditRecord, ObserverSnapshot, Position, StageGate } from '../audit/index.ts';
import { type CorrelationMatch, readSourceFields } from '../sigma/index.ts';
import type { ActiveRule } from './active-rule.ts';
import { alertName } from './alert-name.ts';
import type { LossesByCorrelation } from './correlation-losses.ts';
import { type CorrelationSnapshots, Correlations, type FiredCorrelation } from './correlations.ts';
import { disposition } from './disposition.ts';
import { evidence } from './evidence.ts';
import { type GroupKey, groupKey } from './group-key.ts';
import { type Hit, hit } from './hit.ts';
import { LevelObservation } from './level-observation.ts';
import type { ScreenedLine } from './log-screen.ts';
import { isOwnRequest, type OwnIdentity } from './own-requests.ts';
import { type AlertingRule, alertingRule, type PendingAlert } from './pending-alert.ts';
import { addTotals, type RuleTotals, type TotalsByRule } from './rule-totals.ts';
import type { RulesInForce, WatchedMatch, WatchedRule } from './rules-in-force.ts';
import { SuppressionCount, type Suppressions } from './suppressions.ts';

/** What a run of records amounts to. */
export interface Detection {
  /** By the Alert's name, in the order in which they were first hit. */
  readonly alerts: ReadonlyMap<string, PendingAlert>;
  readonly totals: TotalsByRule;
  /** What filters left out. */
  readonly suppressions: Suppressions;
  /** Events that were recognised as the operator's own requests and not evaluated. */
  readonly ownRequests: number;
  /** What correlations left out or forgot. */
  readonly correlationLosses: LossesByCorrelation;
}

export interface DetectorOptions {
  /** Stamped on Alerts, and part of their identity. */
  readonly cluster: string;
  readonly own: OwnIdentity;
  /** Which stages of a request a rule sees, and which it counts (semantics 1). */
  readonly stages: StageGate;
  /** What the correlations remembered at the position where reading goes on. */
  readonly correlations?: CorrelationSnapshots | undefined;
  /** What `observed` gave: at which levels requests were logged. */
  readonly observed?: ObserverSnapshot | undefined;
}

/** Where a run of records ends. */
export interface RunEnd {
  readonly position: Position;
  /** RFC 3339: of the last event up to there. */
  readonly time: string | undefined;
}

/** Runs rules over the records of one partition. Stateful through the stage gate and what correlations remember. */
export class Detector {
  readonly #options: DetectorOptions;
  readonly #correlations: Correlations;
  readonly #levels: LevelObservation;

  constructor(options: DetectorOptions) {
    this.#options = options;
    this.#correlations = new Correlations(options.cluster, options.correlations);
    this.#levels = new LevelObservation(options.observed);
  }

  /** To be shown what could be read of lines of the log that are not parsed. */
  readonly passedOver = (line: ScreenedLine): void => this.#levels.passedOver(line);

  /** At which levels requests were logged up to the last run. @param periods `joined` where it has to be small */
  observed(periods?: 'apart' | 'joined'): ObserverSnapshot | undefined {
    return this.#levels.snapshot(periods);
  }

  /** Lets the correlations go on from what is remembered elsewhere, of the log up to the same place. */
  restoreCorrelations(snapshots: CorrelationSnapshots): void {
    this.#correlations.restore(snapshots);
  }

  /** What the correlations remember after the last run. */
  correlations(): CorrelationSnapshots {
    return this.#correlations.snapshot();
  }

  detect(records: readonly AuditRecord[], rules: RulesInForce, end: RunEnd): Detection {
    const found = new Findings();
    this.#levels.run(records, end.time);
    let ownRequests = 0;
    for (const record of records) {
      const { event } = record;
      this.#options.stages.observe(event);
      if (record.isCountedElsewhere === true) continue;
      if (isOwnRequest(event, this.#options.own)) ownRequests += 1;
      else this.#evaluate(record, rules, found);
    }
    if (end.time !== undefined) {
      for (const fired of this.#correlations.advance(rules.correlations, end.time, end.position)) found.fired(fired);
    }
    return {
      alerts: found.alerts,
      totals: found.totals,
      suppressions: found.suppressions.result(),
      ownRequests,
      correlationLosses: this.#correlations.losses(),
    };
  }

  #evaluate(record: AuditRecord, rules: RulesInForce, found: Findings): void {
    const { event, bodiesUnknown } = record;
    const fed = new Map<ActiveRule, CorrelationMatch[]>();
    for (const match of rules.match(event, bodiesUnknown)) {
      const { watched } = match;
      const { stages } = this.#options;
      if (!stages.admits(event, watched) || !stages.count(event, watched)) continue;
      const become = disposition(watched, event);
      if (become !== 'raise') {
        if (watched.raises !== undefined) found.leftOut(watched.raises, become);
        continue;
      }
      const { verdict, suppressedBy } = rules.filters.judge(watched, match.verdict, event, bodiesUnknown);
      if (verdict === 'no-match') {
        found.suppressed(watched, suppressedBy, record);
        continue;
      }
      if (watched.raises !== undefined) this.#raise(watched.raises, { watched, verdict }, record, found);
      for (const { correlation, source } of rules.feedsOf(watched)) {
        const matches = fed.get(correlation) ?? [];
        fed.set(correlation, matches);
        const fields = readSourceFields(source, event, { bodiesUnknown });
        matches.push({ rule: source.key, fields, undetermined: verdict === 'undetermined' });
      }
    }
    for (const [correlation, matches] of fed) {
      for (const fired of this.#correlations.feed(correlation, record, matches)) found.fired(fired);
    }
  }

  #raise(rule: ActiveRule, { watched, verdict }: WatchedMatch, record: AuditRecord, found: Findings): void {
    const key = groupKey(record.event, this.#options.cluster, rule.grouping);
    found.hit(rule, key, hit(record, rule.hash, verdict === 'undetermined'), () => evidence(watched.compiled, record));
  }
}

/** Gathers what a run finds. */
class Findings {
  readonly alerts = new Map<string, PendingAlert>();
  readonly totals: Record<string, RuleTotals> = {};
  readonly suppressions = new SuppressionCount();
  /** One for each rule, so that it is told once however many Alerts it raises. */
  readonly #alertingRules = new Map<ActiveRule, AlertingRule>();

  hit(rule: ActiveRule, key: GroupKey, one: Hit, because: () => readonly string[]): void {
    const name = alertName(rule.name, key);
    let pending = this.alerts.get(name);
    if (pending === undefined) {
      pending = { name, rule: this.#alerting(rule), key, hits: [], evidence: because() };
      this.alerts.set(name, pending);
    }
    pending.hits.push(one);
    this.#add(rule, { matches: 1, lastMatch: one.time, leftOut: { outcome: 0, dryRun: 0 } });
  }

  fired({ rule, key, hit: one, evidence: lines }: FiredCorrelation): void {
    this.hit(rule, key, one, () => lines);
  }

  leftOut(rule: ActiveRule, cause: 'outcome' | 'dryRun' | 'filter'): void {
    this.#add(rule, { matches: 0, leftOut: { outcome: 0, dryRun: 0, [cause]: 1 } });
  }

  suppressed({ id, raises }: WatchedRule, filters: readonly string[], record: AuditRecord): void {
    if (raises !== undefined) this.leftOut(raises, 'filter');
    this.suppressions.add(filters, id, record);
  }

  #alerting(rule: ActiveRule): AlertingRule {
    const known = this.#alertingRules.get(rule) ?? alertingRule(rule);
    this.#alertingRules.set(rule, known);
    return known;
  }

  #add({ name }: ActiveRule, more: RuleTotals): void {
    this.totals[name] = addTotals(this.totals[name], more);
  }
}
