import { CorrelationHistory, type CorrelationSnapshots, type RulesInForce, reachOf } from '../alerts/index.ts';
import type { Clock, Source, SourceCheckpoint } from '../audit/index.ts';
import type { EngineIdentity, LookedBack } from './detection-engine.ts';

/** A second look at a log that is longer, or takes longer in milliseconds, is given up. */
export interface LookBackLimits {
  readonly bytes: number;
  readonly time: number;
}

const LOOK_BACK_LIMITS: LookBackLimits = Object.freeze({ bytes: 4 * 1024 ** 3, time: 120_000 });

export interface LookBackOptions {
  readonly source: Pick<Source, 'history'>;
  readonly rules: RulesInForce;
  readonly cluster: string;
  readonly own: EngineIdentity;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly limits?: LookBackLimits;
}

/** What correlations remember at a position, as far as the log tells; and what was read for that. */
export interface Remembered {
  readonly correlations: CorrelationSnapshots;
  readonly lookedBack: LookedBack;
}

/**
 * Reads again what stands before a position where correlations go on without their memory: as far back as can matter for
 * them, up to that position. Undefined where there is nothing to remember.
 */
export async function lookBack(
  { position, lastEventTime }: SourceCheckpoint,
  options: LookBackOptions,
): Promise<Remembered | undefined> {
  const { source, rules, cluster, own, signal, clock, limits = LOOK_BACK_LIMITS } = options;
  const reach = reachOf(rules);
  if (reach === 0 || lastEventTime === undefined) return undefined;
  const since = new Date(Date.parse(lastEventTime) - reach);
  if (Number.isNaN(since.getTime())) return undefined;
  const history = new CorrelationHistory(rules, { cluster, own });
  const late = new AbortController();
  const timer = clock.setTimer(limits.time, () => late.abort());
  let bytes = 0;
  let isWhole = false;
  try {
    for await (const batch of source.history(since, history.decode, AbortSignal.any([signal, late.signal]))) {
      history.take(batch);
      bytes += batch.counts.bytes;
      isWhole =
        batch.caughtUp || (batch.end.generation === position.generation && batch.end.offset === position.offset);
      if (isWhole || bytes > limits.bytes) break;
    }
  } finally {
    timer.cancel();
  }
  return {
    correlations: isWhole ? history.remembered() : {},
    lookedBack: { since: since.toISOString(), bytes, isWhole },
  };
}
