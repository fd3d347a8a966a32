/** The public face of `src/audit`: what an audit event is, how lines become events, the sources, and positions. */
export {
  type Actor,
  type ActorKind,
  actor,
  type BoundObject,
  type ImpersonatedIdentity,
  UNAUTHENTICATED,
} from './actor.ts';
export { bodiesUnknown } from './bodies-unknown.ts';
export { isDryRun } from './dry-run.ts';
export type { AuditEvent, AuditLevel, AuditStage, ObjectReference, ResponseStatus, UserInfo } from './event.ts';
export { isLongRunning } from './long-running.ts';
export { type OperationClass, operationClass } from './operation-class.ts';
export { type Outcome, outcome } from './outcome.ts';
export { comparePositions, formatPosition, isPosition, ORIGIN, type Position, parsePosition } from './position.ts';
export { requestIdentity } from './request-identity.ts';
export type {
  AuditRecord,
  Batch,
  Gap,
  GapReason,
  LineError,
  Source,
  SourceCounts,
  SourceError,
  SourceState,
  SourceStatus,
} from './source.ts';
export { trustedSourceIP } from './source-ip.ts';
export { StageGate, type StageGateOptions, type StageGateSnapshot, type StageRule } from './stage-gate.ts';
export { type ObjectTarget, type PathTarget, type Target, target } from './target.ts';
