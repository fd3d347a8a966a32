import type { CompiledCorrelation } from './compiled-correlation.ts';

/**
 * How far back, in milliseconds, events can matter for what a correlation remembers: a state that was fed only what came
 * later than so long before now fires from now on as one that was fed everything.
 *
 * A group's newest match may be a timespan and the lateness old before the group is forgotten; a match may come late by the
 * lateness, and is judged with the timespan before it; and whether the condition held already at the match before that
 * takes another timespan. In a chain each correlation adds its own.
 *
 * @param lateness in milliseconds: how late matches may come
 */
export function correlationReach({ nodes }: CompiledCorrelation, lateness = 120_000): number {
  const reaches = new Map<string, number>();
  for (const { key, timespan, steps } of nodes) {
    const below = Math.max(0, ...steps.map(({ rule }) => reaches.get(rule) ?? 0));
    reaches.set(key, below + 3 * (timespan + lateness));
  }
  return Math.max(0, ...reaches.values());
}
