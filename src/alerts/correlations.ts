import type { AuditRecord, Position } from '../audit/index.ts';
import {
  type CorrelationCounters,
  type CorrelationLimits,
  type CorrelationMatch,
  type CorrelationSnapshot,
  CorrelationState,
  type Firing,
} from '../sigma/index.ts';
import type { ActiveRule } from './active-rule.ts';
import { type CorrelationLosses, type LossesByCorrelation, lossesBetween } from './correlation-losses.ts';
import { displayText } from './display-text.ts';
import { correlationKey, type GroupKey } from './group-key.ts';
import { type Hit, hit } from './hit.ts';

/** What a correlation keeps of a match: a hit without its place. */
type Sample = Omit<Hit, 'position'>;

/** By the name of the correlation's DetectionRule. Plain JSON. */
export type CorrelationSnapshots = Readonly<Record<string, CorrelationSnapshot<Sample>>>;

/** A correlation that fired. */
export interface FiredCorrelation {
  readonly rule: ActiveRule;
  readonly key: GroupKey;
  readonly hit: Hit;
  readonly evidence: readonly string[];
}

/** Per correlation: snapshots are stored with positions, so they have to stay small. */
const LIMITS: Partial<CorrelationLimits> = { maxGroups: 2_000, maxMatches: 20_000 };
const MAX_URI = 256;
const MAX_EVIDENCE = 16;

interface State {
  readonly fingerprint: string;
  readonly state: CorrelationState<Sample>;
  /** When its losses were told last. */
  told: Readonly<CorrelationCounters>;
}

/** What the correlations remember of one partition. Deterministic: the same records give the same firings at the same positions. */
export class Correlations {
  readonly #cluster: string;
  readonly #states = new Map<string, State>();
  #restore: CorrelationSnapshots;

  constructor(cluster: string, restore: CorrelationSnapshots = {}) {
    this.#cluster = cluster;
    this.#restore = restore;
  }

  /** Goes on from these instead of from what it remembers. */
  restore(snapshots: CorrelationSnapshots): void {
    this.#states.clear();
    this.#restore = snapshots;
  }

  /** Takes in the matches of one record. */
  feed(rule: ActiveRule, record: AuditRecord, matches: readonly CorrelationMatch[]): readonly FiredCorrelation[] {
    const sample = sampleOf(record, rule);
    const firings = this.#stateOf(rule)?.feed({ time: Date.parse(sample.time), matches, sample }) ?? [];
    return firings.map((firing) => this.#fired(rule, firing, sample, record.position));
  }

  /** Lets time pass, by the log's own clock; what only time decides fires at that position. */
  advance(rules: readonly ActiveRule[], time: string, position: Position): readonly FiredCorrelation[] {
    return rules.flatMap((rule) =>
      (this.#stateOf(rule)?.advance(Date.parse(time)) ?? []).flatMap((firing) => {
        const last = firing.samples.at(-1)?.sample;
        return last === undefined ? [] : [this.#fired(rule, firing, last, position)];
      }),
    );
  }

  /** What was lost since this was asked last. */
  losses(): LossesByCorrelation {
    const all: Record<string, CorrelationLosses> = {};
    for (const [name, known] of this.#states) {
      const { counters } = known.state;
      const losses = lossesBetween(known.told, counters);
      if (losses !== undefined) all[name] = losses;
      known.told = counters;
    }
    return all;
  }

  snapshot(): CorrelationSnapshots {
    return Object.fromEntries([...this.#states].map(([name, { state }]) => [name, state.snapshot()]));
  }

  /** A correlation that changed starts anew where its memory no longer fits; one whose base rules changed goes on. */
  #stateOf({ name, root }: ActiveRule): CorrelationState<Sample> | undefined {
    if (root.kind !== 'correlation') return undefined;
    const { correlation } = root;
    const known = this.#states.get(name);
    if (known?.fingerprint === correlation.fingerprint) return known.state;
    const state = new CorrelationState<Sample>(correlation, { limits: LIMITS }, this.#restore[name]);
    this.#states.set(name, { fingerprint: correlation.fingerprint, state, told: state.counters });
    return state;
  }

  #fired(rule: ActiveRule, firing: Firing<Sample>, sample: Sample, position: Position): FiredCorrelation {
    const when = new Date(firing.to).toISOString();
    return {
      rule,
      key: correlationKey(this.#cluster, firing.groupBy),
      hit: { ...sample, position, time: when, ruleHash: rule.hash, undetermined: firing.undetermined },
      evidence: evidenceOf(firing),
    };
  }
}

function sampleOf(record: AuditRecord, rule: ActiveRule): Sample {
  const { position: _, ...sample } = hit(record, rule.hash, false);
  return { ...sample, requestURI: sample.requestURI.slice(0, MAX_URI), userAgent: sample.userAgent.slice(0, MAX_URI) };
}

/** The rules that contributed, and the requests that stand for them. */
function evidenceOf({ rules, from, to, value, samples }: Firing<Sample>): readonly string[] {
  const span = `between ${new Date(from).toISOString()} and ${new Date(to).toISOString()}`;
  const counted = value === undefined ? [] : [`the value compared is ${value}`];
  const contributing = rules.map(({ title, count }) => `${count} × ${displayText(title, 200)}, ${span}`);
  const requests = samples.map(({ time, sample }) => {
    const { actor, verb, touched, requestURI } = sample;
    const on = touched === undefined ? requestURI : `${touched.resource} ${touched.namespace}/${touched.name}`;
    return `${new Date(time).toISOString()} ${displayText(`${actor} ${verb} ${on}`, 200)}`;
  });
  return [...contributing, ...counted, ...requests].slice(0, MAX_EVIDENCE);
}
