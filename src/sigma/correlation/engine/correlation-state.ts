import type { CompiledCorrelation, CorrelationNode } from '../compiled-correlation.ts';
import { Correlator, type FiredGroup, type StepMatch, waits } from './correlator.ts';
import { type CorrelationCounters, noCounts } from './counters.ts';
import type { FieldsByName } from './field-text.ts';
import { type Firing, firingOf } from './firing.ts';
import { type CorrelationLimits, DEFAULT_CORRELATION_LIMITS } from './limits.ts';
import { Positions, type StreamPosition } from './positions.ts';
import { type CorrelationSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';

/** An event that matched rules of a correlation. */
export interface CorrelationEvent<Sample> {
  /** When it happened, in milliseconds; windows are over these times. */
  readonly time: number;
  /**
   * When it was read, in milliseconds, by a clock that is stored with the event; by default `time`. It moves the clock of the state, and an event whose time is ahead of it is
   * taken to have happened then: one wrong clock must not silence a correlation.
   */
  readonly received?: number;
  /** Where it stands in its stream. At or before a position that was fed it is skipped. All matches of one event are fed together. */
  readonly position?: StreamPosition;
  readonly matches: readonly CorrelationMatch[];
  /** Whatever a firing is to show of it; plain JSON, kept in memory and in snapshots: keep it small. */
  readonly sample: Sample;
}

export interface CorrelationMatch {
  /** Key of a source of the correlation; others are ignored. */
  readonly rule: string;
  readonly fields: FieldsByName;
  /** The rule may or may not have matched (verdict `undetermined`). */
  readonly undetermined?: boolean;
}

export interface CorrelationStateOptions {
  readonly limits?: Partial<CorrelationLimits>;
  /** How late, in milliseconds, a match may come after later ones of its group; 2 minutes by default. Absence is decided that much later. */
  readonly lateness?: number;
}

const DEFAULT_LATENESS = 120_000;

/**
 * What a correlation remembers. Deterministic: the same events in the same order give the same firings, wherever a snapshot was taken and restored between them.
 *
 * Windows slide over the time of events. A correlation fires when its condition begins to hold for a group, at a match; while it holds it does not fire again. Conditions
 * are judged on what came so far, except that a `not` waits (AbsenceWindow). An event counts once in a correlation that counts events or values, for the first of
 * its rules that it matched, and for each of its rules in a temporal one.
 */
export class CorrelationState<Sample = unknown> {
  readonly #correlation: CompiledCorrelation;
  readonly #maxSamples: number;
  readonly #correlators: readonly Correlator<Sample>[];
  readonly #counters: CorrelationCounters;
  readonly #positions: Positions;
  #clock: number;

  constructor(
    correlation: CompiledCorrelation,
    options: CorrelationStateOptions = {},
    from?: CorrelationSnapshot<Sample>,
  ) {
    const limits = { ...DEFAULT_CORRELATION_LIMITS, ...options.limits };
    const fits = from?.version === SNAPSHOT_VERSION && from.fingerprint === correlation.fingerprint ? from : undefined;
    this.#correlation = correlation;
    this.#maxSamples = limits.maxSamples;
    this.#counters = { ...noCounts(), ...fits?.counters };
    this.#positions = new Positions(fits?.positions);
    this.#clock = fits?.clock ?? -Infinity;
    const latenesses = latenessOf(correlation.nodes, options.lateness ?? DEFAULT_LATENESS);
    this.#correlators = correlation.nodes.map((node, index) => {
      const lateness = latenesses.get(node.key) ?? 0;
      return new Correlator(node, { limits, lateness, counters: this.#counters }, fits?.groups[index]);
    });
  }

  get counters(): Readonly<CorrelationCounters> {
    return { ...this.#counters };
  }

  /** What is in memory. */
  get size(): { readonly groups: number; readonly matches: number } {
    const sum = (of: (correlator: Correlator<Sample>) => number): number =>
      this.#correlators.reduce((total, correlator) => total + of(correlator), 0);
    return { groups: sum(({ groups }) => groups), matches: sum(({ matches }) => matches) };
  }

  /** Takes in an event; returns what fires by it, and by the time that has passed. */
  feed(event: CorrelationEvent<Sample>): readonly Firing<Sample>[] {
    if (!Number.isFinite(event.time)) return [];
    if (event.position !== undefined && !this.#positions.advance(event.position)) {
      this.#counters.replayed++;
      return [];
    }
    const received = event.received ?? event.time;
    if (event.time > received) this.#counters.ahead++;
    this.#clock = Math.max(this.#clock, received);
    return this.#run(this.#clock, { ...event, time: Math.min(event.time, received) });
  }

  /**
   * Tells the time, by the clock of the events' receipt; what it decides fires. Never tell a time that later events may be received before: while catching up, tell
   * none.
   */
  advance(time: number): readonly Firing<Sample>[] {
    if (!Number.isFinite(time) || time <= this.#clock) return [];
    this.#clock = time;
    return this.#run(time, undefined);
  }

  /** The end of all events: decides what waits for time. Nothing is fed after it. */
  finish(): readonly Firing<Sample>[] {
    return this.#correlators.flatMap(({ wait }) => this.advance(this.#clock + wait + 1));
  }

  /** Plain JSON from which a state can be made that goes on as this one would. */
  snapshot(): CorrelationSnapshot<Sample> {
    return {
      version: SNAPSHOT_VERSION,
      fingerprint: this.#correlation.fingerprint,
      clock: Number.isFinite(this.#clock) ? this.#clock : null,
      positions: this.#positions.all(),
      counters: this.counters,
      groups: this.#correlators.map((correlator) => correlator.store()),
    };
  }

  /** Goes through the chain from below: time first, then the event's matches, then what fired further below. */
  #run(clock: number, event: CorrelationEvent<Sample> | undefined): readonly Firing<Sample>[] {
    const inboxes = new Map<string, StepMatch<Sample>[]>();
    const firings: Firing<Sample>[] = [];
    for (const correlator of this.#correlators) {
      const { node } = correlator;
      const inbox = [...(event === undefined ? [] : matchesFor(node, event)), ...(inboxes.get(node.key) ?? [])];
      const fired = [...correlator.advance(clock), ...inbox.flatMap((match) => correlator.feed(match, clock))];
      for (const group of fired) {
        this.#counters.firings++;
        const firing = firingOf(node, group, this.#maxSamples);
        if (node.output) firings.push(firing);
        this.#handOn(node, group, inboxes);
      }
    }
    return firings;
  }

  /** A firing is a match for the correlations that refer to it: at its last match, with its group-by values and what it carries. */
  #handOn(node: CorrelationNode, group: FiredGroup<Sample>, inboxes: Map<string, StepMatch<Sample>[]>): void {
    const latest = group.window.at(-1);
    if (latest === undefined) return;
    const carried = node.carried.map((name, index) => [name, latest.carried?.[index] ?? null] as const);
    const named = [...carried, ...node.groupBy.map((name, index) => [name, group.values[index] ?? null] as const)];
    const fields = Object.fromEntries(named.map(([name, text]) => [name, text === null ? [] : [text]]));
    const { sample } = latest;
    for (const { node: above } of this.#correlators) {
      const step = above.steps.findIndex(({ rule }) => rule === node.key);
      if (step < 0) continue;
      const inbox = inboxes.get(above.key) ?? [];
      inbox.push({ step, time: group.at, fields, undetermined: group.undetermined, sample });
      inboxes.set(above.key, inbox);
    }
  }
}

function matchesFor<Sample>(
  { steps, type }: CorrelationNode,
  { matches, time, sample }: CorrelationEvent<Sample>,
): readonly StepMatch<Sample>[] {
  const found: StepMatch<Sample>[] = [];
  for (const [step, { rule }] of steps.entries()) {
    const match = matches.find((candidate) => candidate.rule === rule);
    if (match === undefined) continue;
    found.push({ step, time, fields: match.fields, undetermined: match.undetermined ?? false, sample });
    if (type !== 'temporal' && type !== 'temporal_ordered') break;
  }
  return found;
}

/**
 * How late a match may come to each correlation of the chain: a correlation that waits before it fires makes those above it wait for that much longer.
 */
function latenessOf(nodes: readonly CorrelationNode[], base: number): ReadonlyMap<string, number> {
  const latenesses = new Map<string, number>();
  const delays = new Map<string, number>();
  for (const node of nodes) {
    const inherited = Math.max(0, ...node.steps.map(({ rule }) => delays.get(rule) ?? 0));
    latenesses.set(node.key, base + inherited);
    delays.set(node.key, waits(node) ? node.timespan + base + inherited : inherited);
  }
  return latenesses;
}
