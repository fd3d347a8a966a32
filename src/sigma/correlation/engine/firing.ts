import { createHash } from 'node:crypto';
import type { CorrelationNode } from '../compiled-correlation.ts';
import type { FiredGroup } from './correlator.ts';
import type { Entry } from './entry.ts';

/** A correlation's condition began to hold for a group. Plain data. */
export interface Firing<Sample> {
  /** The same whenever the same firing is found again. */
  readonly id: string;
  /** Key of the correlation. */
  readonly correlation: string;
  /** The values of group-by, by the field names of the correlation. */
  readonly groupBy: Readonly<Record<string, string>>;
  /** The times of the first and the last match of the window, in milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The rules that contributed, in the order of the correlation. */
  readonly rules: readonly FiringRule[];
  /** The number that the condition compares; undefined where it compares none. */
  readonly value: number | undefined;
  /** The latest matches, those of each rule among them, in the order of time. */
  readonly samples: readonly FiringSample<Sample>[];
  /** It may be no firing: a match or an absence depends on a body that is unknown. */
  readonly undetermined: boolean;
}

interface FiringRule {
  /** Key of the rule or correlation. */
  readonly rule: string;
  readonly title: string;
  /** Matches in the window. */
  readonly count: number;
}

interface FiringSample<Sample> {
  readonly rule: string;
  readonly time: number;
  readonly sample: Sample;
}

export function firingOf<Sample>(node: CorrelationNode, fired: FiredGroup<Sample>, maxSamples: number): Firing<Sample> {
  const { at, window, value, values, undetermined } = fired;
  const counts = Map.groupBy(window, ({ step }) => step);
  const identity = JSON.stringify([node.key, values, at]);
  return {
    id: createHash('sha256').update(identity).digest('hex').slice(0, 32),
    correlation: node.key,
    groupBy: Object.fromEntries(node.groupBy.map((name, index) => [name, values[index] ?? ''])),
    from: window[0]?.time ?? at,
    to: at,
    rules: node.steps.flatMap(({ rule, title }, step) => {
      const count = counts.get(step)?.length ?? 0;
      return count === 0 ? [] : [{ rule, title, count }];
    }),
    value,
    samples: samplesOf(window, maxSamples).map(({ step, time, sample }) => ({
      rule: node.steps[step]?.rule ?? '',
      time,
      sample,
    })),
    undetermined,
  };
}

/** The latest match of each rule, then the latest of all, as many as there may be. */
function samplesOf<Sample>(window: readonly Entry<Sample>[], most: number): readonly Entry<Sample>[] {
  const latest = new Map(window.map((entry) => [entry.step, entry]));
  const chosen = new Set([...latest.values()].sort((a, b) => b.time - a.time).slice(0, most));
  for (const entry of window.toReversed()) {
    if (chosen.size >= most) break;
    chosen.add(entry);
  }
  return window.filter((entry) => chosen.has(entry));
}
