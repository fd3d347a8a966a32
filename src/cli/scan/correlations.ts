import type { ActiveRule, Feed } from '../../alerts/index.ts';
import type { AuditEvent } from '../../audit/index.ts';
import { CorrelationState, type Firing, readSourceFields } from '../../sigma/index.ts';
import { eventInShort } from './event-in-short.ts';
import type { EventPlace, FiringEvent } from './report.ts';

/** A match that feeds correlations. */
export interface FeedingMatch {
  readonly feeds: readonly Feed[];
  readonly undetermined: boolean;
}

/** Something that a correlation found. */
export interface CorrelationFiring {
  readonly correlation: ActiveRule;
  readonly firing: Firing<FiringEvent>;
}

/** The correlations of a scan. Events come in the order of time, as far as the logs have it. */
export class ScanCorrelations {
  readonly #states: ReadonlyMap<ActiveRule, CorrelationState<FiringEvent>>;

  constructor(correlations: readonly ActiveRule[]) {
    this.#states = new Map(
      correlations.flatMap((rule) =>
        rule.root.kind === 'correlation'
          ? [[rule, new CorrelationState<FiringEvent>(rule.root.correlation)] as const]
          : [],
      ),
    );
  }

  get isEmpty(): boolean {
    return this.#states.size === 0;
  }

  feed(
    event: AuditEvent,
    place: EventPlace,
    bodiesUnknown: boolean,
    matches: readonly FeedingMatch[],
  ): readonly CorrelationFiring[] {
    const fed = matches.flatMap(({ feeds, undetermined }) => feeds.map((feed) => ({ ...feed, undetermined })));
    if (fed.length === 0) return [];
    const time = Date.parse(event.requestReceivedTimestamp ?? event.stageTimestamp ?? '');
    const sample = { place, event: eventInShort(event) };
    return [...Map.groupBy(fed, ({ correlation }) => correlation)].flatMap(([correlation, parts]) => {
      const found = parts.map(({ source, undetermined }) => ({
        rule: source.key,
        fields: readSourceFields(source, event, { bodiesUnknown }),
        undetermined,
      }));
      const firings = this.#states.get(correlation)?.feed({ time, matches: found, sample }) ?? [];
      return firings.map((firing) => ({ correlation, firing }));
    });
  }

  /** The end of all events. */
  finish(): readonly CorrelationFiring[] {
    return [...this.#states].flatMap(([correlation, state]) =>
      state.finish().map((firing) => ({ correlation, firing })),
    );
  }
}
