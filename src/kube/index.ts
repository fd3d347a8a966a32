export { Backoff, type BackoffOptions } from './backoff.ts';
export { KubeClient, type KubeClientOptions, type KubeRequest } from './client.ts';
export { type Clock, realClock, type Timer } from './clock.ts';
export { type Condition, type ConditionUpdate, findCondition, setCondition } from './conditions.ts';
export {
  Controller,
  type ControllerMetrics,
  type ControllerOptions,
  type FinishedReconcile,
  type Reconcile,
  type ReconcileOutcome,
  type ReconcileResult,
  TerminalError,
} from './controller.ts';
export { type Event, type EventSeries, type EventType, eventType, type Occurrence, type Reporter } from './event.ts';
export {
  type DropReason,
  type EventMetrics,
  EventRecorder,
  type EventRecorderLimits,
  type EventRecorderOptions,
} from './event-recorder.ts';
export { PooledKubeConfig } from './kube-config.ts';
export { LeaderElector, type LeaderElectorOptions, type LeaseTimings } from './leader-election.ts';
export { type Lease, type LeaseSpec, leaseType } from './lease.ts';
export { KubeConfigError, type KubeConfigSource, loadKubeConfig } from './load-kube-config.ts';
export { describeError, type LogFields, type Logger, silentLogger } from './logger.ts';
export * from './object.ts';
export { defaultRetryRate, type RateLimiter, type RetryRate, retryLimiter } from './rate-limiter.ts';
export { Reflector, type ReflectorOptions, type ReflectorTimings } from './reflector.ts';
export type { FinishedRequest, RequestMetrics } from './request-metrics.ts';
export { type ListOptions, type ListPage, type Patch, Resource, type WatchOptions } from './resource.ts';
export { apiVersionOf, type ResourceType } from './resource-type.ts';
export { type UserInfo, whoAmI } from './self.ts';
export * from './status-error.ts';
export { type Change, type ChangeHandler, type Indexer, Store, type StoreOptions } from './store.ts';
export { type RateLimit, TokenBucket } from './token-bucket.ts';
export type { WatchEvent } from './watch-event.ts';
export { WorkQueue, type WorkQueueOptions } from './work-queue.ts';
