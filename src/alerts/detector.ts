import type { AuditRecord, StageGate } from '../audit/index.ts';
import { evaluate } from '../sigma/index.ts';
import type { ActiveRule } from './active-rule.ts';
import { alertName } from './alert-name.ts';
import { disposition } from './disposition.ts';
import { evidence } from './evidence.ts';
import { groupKey } from './group-key.ts';
import { hit } from './hit.ts';
import { isOwnRequest, type OwnIdentity } from './own-requests.ts';
import type { PendingAlert } from './pending-alert.ts';
import { addTotals, type RuleTotals, type TotalsByRule } from './rule-totals.ts';

/** What a run of records amounts to. */
export interface Detection {
  /** By the Alert's name, in the order in which they were first hit. */
  readonly alerts: ReadonlyMap<string, PendingAlert>;
  readonly totals: TotalsByRule;
  /** Events that were recognised as the operator's own requests and not evaluated. */
  readonly ownRequests: number;
}

export interface DetectorOptions {
  /** Stamped on Alerts, and part of their identity. */
  readonly cluster: string;
  readonly own: OwnIdentity;
  /** Which stages of a request a rule sees, and which it counts (semantics 1). */
  readonly stages: StageGate;
}

/** Runs rules over the records of one partition. Stateful only through the stage gate. */
export class Detector {
  readonly #options: DetectorOptions;

  constructor(options: DetectorOptions) {
    this.#options = options;
  }

  detect(records: readonly AuditRecord[], rules: readonly ActiveRule[]): Detection {
    const alerts = new Map<string, PendingAlert>();
    const totals: Record<string, RuleTotals> = {};
    let ownRequests = 0;
    for (const record of records) {
      const { event } = record;
      this.#options.stages.observe(event);
      if (isOwnRequest(event, this.#options.own)) {
        ownRequests += 1;
        continue;
      }
      for (const rule of rules) {
        const added = this.#apply(rule, record, alerts);
        if (added !== undefined) totals[rule.name] = addTotals(totals[rule.name], added);
      }
    }
    return { alerts, totals, ownRequests };
  }

  #apply(rule: ActiveRule, record: AuditRecord, alerts: Map<string, PendingAlert>): RuleTotals | undefined {
    const { event } = record;
    const { stages } = this.#options;
    if (!stages.admits(event, rule)) return undefined;
    const verdict = evaluate(rule.compiled.plan, event, { bodiesUnknown: record.bodiesUnknown });
    if (verdict === 'no-match' || !stages.count(event, rule)) return undefined;
    const become = disposition(rule, event);
    if (become !== 'raise') {
      return { matches: 0, leftOut: { outcome: become === 'outcome' ? 1 : 0, dryRun: become === 'dryRun' ? 1 : 0 } };
    }
    const found = this.#pending(rule, record, alerts);
    found.hits.push(hit(record, rule.hash, verdict === 'undetermined'));
    return { matches: 1, lastMatch: event.requestReceivedTimestamp ?? '', leftOut: { outcome: 0, dryRun: 0 } };
  }

  #pending(rule: ActiveRule, record: AuditRecord, alerts: Map<string, PendingAlert>): PendingAlert {
    const key = groupKey(record.event, this.#options.cluster, rule.grouping);
    const name = alertName(rule.name, key);
    let pending = alerts.get(name);
    if (pending === undefined) {
      pending = { rule, key, hits: [], evidence: () => evidence(rule.compiled, record) };
      alerts.set(name, pending);
    }
    return pending;
  }
}
