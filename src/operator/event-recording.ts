import { type Clock, type Event, EventRecorder, type Logger, type Resource } from '../kube/index.ts';
import type { OperatorMetrics } from './metrics.ts';

const CONTROLLER = 'detection.sigma-operator.dev/operator';

/** Milliseconds after which the count of a series that goes on is written again. */
const REFRESH_AFTER = 30_000;

/** The recorder of the operator's Events. Where the namespace of an object is gone, its Event goes on the Alert. */
export function eventRecorder(
  events: Resource<Event>,
  instance: string,
  metrics: OperatorMetrics,
  clock: Clock,
  logger: Logger,
): EventRecorder {
  const recorder: EventRecorder = new EventRecorder({
    events,
    limits: { refreshAfter: REFRESH_AFTER },
    reporter: { controller: CONTROLLER, instance },
    clock,
    logger,
    metrics: {
      eventWritten: (write) => metrics.eventsWritten.inc({ write }),
      eventsDropped: (reason, count) => metrics.eventsDropped.inc({ reason }, count),
    },
    onNamespaceGone: (occurrence, count) => {
      const { related } = occurrence;
      if (related === undefined) return;
      metrics.redirectedEvents.inc(count);
      recorder.record({ ...occurrence, regarding: related, related: undefined }, count);
    },
  });
  return recorder;
}
