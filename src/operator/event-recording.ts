import { type Clock, type Event, EventRecorder, type Logger, type Occurrence, type Resource } from '../kube/index.ts';
import type { OperatorMetrics } from './metrics.ts';

const CONTROLLER = 'detection.sigma-operator.dev/operator';
/** Occurrences that are recorded again about the Alert when a namespace is gone: more would only make a larger count. */
const MAX_REDIRECTED = 100;

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
      const redirected: Occurrence = { ...occurrence, regarding: related, related: undefined };
      for (let times = Math.min(count, MAX_REDIRECTED); times > 0; times--) recorder.record(redirected);
    },
  });
  return recorder;
}
