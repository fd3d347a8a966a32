import type { CorrelationNode } from '../../../../src/sigma/index.ts';

/** A match of a correlation over base rules, as the oracle sees it. */
export interface OracleMatch {
  readonly time: number;
  readonly received: number;
  readonly step: number;
  readonly group: string;
  readonly value: number;
  readonly undetermined: boolean;
}

/** What fired: the group, and the match that completes the window. */
export interface OracleFiring {
  readonly group: string;
  readonly at: number;
  readonly undetermined: boolean;
}

/** A run of times at which the condition holds. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** The number that a correlation compares, computed anew from the window. */
function numberOf({ type, condition, steps }: CorrelationNode, window: readonly OracleMatch[]): number {
  const values = window.map(({ value }) => value);
  const sorted = values.toSorted((a, b) => a - b);
  const percentile = condition.kind === 'Compare' ? (condition.percentile ?? 50) : 50;
  switch (type) {
    case 'event_count':
      return window.length;
    case 'value_count':
      return new Set(values).size;
    case 'value_sum':
      return values.reduce((a, b) => a + b, 0);
    case 'value_avg':
      return values.reduce((a, b) => a + b, 0) / values.length;
    case 'value_percentile':
    case 'value_median':
      return sorted[Math.max(1, Math.ceil((percentile * sorted.length) / 100)) - 1] ?? Number.NaN;
    case 'temporal':
      return new Set(window.map(({ step }) => step)).size;
    case 'temporal_ordered':
      return subsets(steps.length)
        .filter((set) => isChain(set, window))
        .reduce((most, set) => Math.max(most, set.length), 0);
    default:
      return type satisfies never;
  }
}

function subsets(count: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => bits & (1 << i)),
  );
}

/** Whether matches of the steps exist, each not earlier than the one before it. */
function isChain(set: readonly number[], window: readonly OracleMatch[], from = -Infinity): boolean {
  const [first, ...rest] = set;
  if (first === undefined) return true;
  return window.some(({ step, time }) => step === first && time >= from && isChain(rest, window, time));
}

function compares(node: CorrelationNode, window: readonly OracleMatch[]): boolean {
  const { condition, type } = node;
  if (window.length === 0) return false;
  if (condition.kind === 'Presence') {
    return condition.terms.some(({ present }) =>
      type === 'temporal_ordered'
        ? isChain(present, window)
        : present.every((wanted) => window.some(({ step }) => step === wanted)),
    );
  }
  const number = numberOf(node, window);
  return condition.comparisons.every(
    ({ operator, bound }) =>
      ({
        gt: number > bound,
        gte: number >= bound,
        lt: number < bound,
        lte: number <= bound,
        eq: number === bound,
        neq: number !== bound,
      })[operator],
  );
}

/** The runs of matches at which the condition holds, from the full list. */
function runs(node: CorrelationNode, matches: readonly OracleMatch[]): readonly Run[] {
  const times = [...new Set(matches.map(({ time }) => time))].sort((a, b) => a - b);
  const found: Run[] = [];
  for (const [index, to] of times.entries()) {
    const window = matches.filter(({ time }) => time <= to && time >= to - node.timespan);
    if (!compares(node, window)) continue;
    const previous = times[index - 1] ?? -Infinity;
    const last = found.at(-1);
    if (last?.to === previous && to - previous <= node.timespan) found[found.length - 1] = { from: last.from, to };
    else found.push({ from: to, to });
  }
  return found;
}

/** Fires for each match the runs that overlap none of those before it came. */
export function oracleOfWindows(
  node: CorrelationNode,
  lateness: number,
  matches: readonly OracleMatch[],
): readonly OracleFiring[] {
  const groups = new Map<string, { kept: OracleMatch[]; touchedAt: number }>();
  const fired: OracleFiring[] = [];
  let clock = -Infinity;
  for (const match of matches) {
    clock = Math.max(clock, match.received);
    let group = groups.get(match.group);
    if (group === undefined || clock - group.touchedAt > node.timespan + lateness) {
      group = { kept: [], touchedAt: clock };
      groups.set(match.group, group);
    }
    const newest = Math.max(-Infinity, ...group.kept.map(({ time }) => time));
    if (match.time < newest - lateness) continue;
    const before = runs(node, group.kept);
    group.kept.push(match);
    group.touchedAt = clock;
    for (const run of runs(node, group.kept)) {
      if (before.some((other) => other.from <= run.to && run.from <= other.to)) continue;
      const window = group.kept.filter(({ time }) => time <= run.from && time >= run.from - node.timespan);
      const undetermined = window.some((one) => one.undetermined);
      fired.push({ group: match.group, at: run.from, undetermined });
    }
  }
  return fired;
}

/** Judges each match of a correlation with `not` when its time is over, all from the full list of what was not too late. */
export function oracleOfAbsence(
  node: CorrelationNode,
  lateness: number,
  matches: readonly OracleMatch[],
): readonly OracleFiring[] {
  const { condition, timespan, type } = node;
  if (condition.kind !== 'Presence') return [];
  const lives: { group: string; kept: OracleMatch[]; time: number; touchedAt: number }[] = [];
  let clock = -Infinity;
  for (const match of matches) {
    clock = Math.max(clock, match.received);
    let life = lives.findLast(({ group }) => group === match.group);
    if (life === undefined || clock - life.touchedAt > timespan + lateness) {
      life = { group: match.group, kept: [], time: -Infinity, touchedAt: clock };
      lives.push(life);
    }
    const now = life.kept.length === 0 ? -Infinity : life.time + (clock - life.touchedAt);
    if (match.time < now - lateness) continue;
    life.kept.push(match);
    life.time = Math.max(now, match.time);
    life.touchedAt = clock;
  }
  const wanted = new Set(condition.terms.flatMap(({ present }) => present));
  return lives.flatMap(({ group, kept }) => {
    const fired: OracleFiring[] = [];
    let until = -Infinity;
    for (const { time: at, step } of kept.toSorted((a, b) => a.time - b.time)) {
      if (!wanted.has(step)) continue;
      const met = condition.terms.flatMap(({ present, absent }) => {
        const starts = kept
          .map(({ time }) => time)
          .filter((start) => start <= at && start >= at - timespan)
          .filter((start) => {
            const window = kept.filter(({ time }) => time >= start && time <= at);
            return type === 'temporal_ordered'
              ? isChain(present, window)
              : present.every((one) => window.some(({ step }) => step === one));
          });
        if (starts.length === 0) return [];
        const start = Math.max(...starts);
        const near = kept.filter(
          (one) => absent.includes(one.step) && one.time >= at - timespan && one.time <= start + timespan,
        );
        if (near.some(({ undetermined }) => !undetermined)) return [];
        const contributing = kept.filter((one) => present.includes(one.step) && one.time >= start && one.time <= at);
        return [{ start, undetermined: near.length > 0 || contributing.some(({ undetermined }) => undetermined) }];
      });
      const best = met.reduce<(typeof met)[number] | undefined>(
        (chosen, one) => (chosen === undefined || one.start > chosen.start ? one : chosen),
        undefined,
      );
      if (best === undefined) {
        until = -Infinity;
        continue;
      }
      if (at > until) fired.push({ group, at, undetermined: best.undetermined });
      until = at + timespan;
    }
    return fired;
  });
}
