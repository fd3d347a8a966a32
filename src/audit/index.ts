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
export { type Fingerprint, isSourceCheckpoint, type SourceCheckpoint } from './checkpoint.ts';
export { type DecodedEvent, type DecodedLine, decodeAuditLine, type LineDecoder } from './decode/decode-line.ts';
export { isDryRun } from './dry-run.ts';
export type { AuditEvent, AuditLevel, AuditStage, ObjectReference, ResponseStatus, UserInfo } from './event.ts';
export { directoryWatch, type Pause } from './file-source/directory-watch.ts';
export { FileSource, type FileSourceLimits, type FileSourceOptions } from './file-source/file-source.ts';
export type { StartAt } from './file-source/start-position.ts';
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
export { type LoadedState, type PartitionState, type ReplicaState, StateFile } from './state-file.ts';
export { type ObjectTarget, type PathTarget, type Target, target } from './target.ts';
