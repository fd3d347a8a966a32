export { Backoff } from './backoff.ts';
export { KubeClient } from './client.ts';
export { type Clock, realClock, type Timer } from './clock.ts';
export { type Condition, findCondition, setCondition } from './conditions.ts';
export {
  Controller,
  type ControllerMetrics,
  type FinishedReconcile,
  type Reconcile,
  TerminalError,
} from './controller.ts';
export { type Event, eventType, type Occurrence } from './event.ts';
export {
  EventRecorder,
  type EventRecorderOptions,
} from './event-recorder.ts';
export { PooledKubeConfig } from './kube-config.ts';
export { LeaderElector, type LeaderElectorOptions } from './leader-election.ts';
export { type Lease, leaseType } from './lease.ts';
export { KubeConfigError, type KubeConfigSource, loadKubeConfig } from './load-kube-config.ts';
export { describeError, type LogFields, type Logger } from './logger.ts';
export * from './object.ts';
export { defaultRetryRate, retryLimiter } from './rate-limiter.ts';
export { Reflector, type ReflectorOptions } from './reflector.ts';
export type { FinishedRequest, RequestMetrics } from './request-metrics.ts';
export { type Patch, Resource } from './resource.ts';
export { apiVersionOf, type ResourceType } from './resource-type.ts';
export { type UserInfo, whoAmI } from './self.ts';
export * from './status-error.ts';
export { type Change, Store } from './store.ts';
export { TokenBucket } from './token-bucket.ts';
export type { WatchEvent } from './watch-event.ts';
export { WorkQueue } from './work-queue.ts';
