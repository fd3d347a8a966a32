/** The public face of `src/audit`: what an audit event is, how lines become events, the sources, and positions. */
export { type Actor, actor } from './actor.ts';
export {
  type BatchGaps,
  backupDecision,
  gapsOf,
  type PrimaryPartition,
  recordGaps,
  type TimeGap,
} from './backup-decision.ts';
export { BackupSource } from './backup-source.ts';
export { bodiesUnknown } from './bodies-unknown.ts';
export { isSourceCheckpoint, type SourceCheckpoint } from './checkpoint.ts';
export { type Clock, realClock } from './clock.ts';
export {
  type DecodedLine,
  decodeAuditElement,
  decodeAuditLine,
  decodeStrippedLine,
  type LineDecoder,
} from './decode/decode-line.ts';
export { cutAuditList, decodeAuditList, ItemLines, isWithoutBodies, startsList } from './decode/decode-list.ts';
export { type Item, ItemSplitter } from './decode/item-splitter.ts';
export type { BodyPlaces } from './decode/late-bodies.ts';
export { LineSplitter } from './decode/line-splitter.ts';
export { MalformedBody } from './decode/malformed-body.ts';
export { isDryRun } from './dry-run.ts';
export type { AuditEvent, AuditStage, ObjectReference } from './event.ts';
export { rotatedLogName } from './file-source/backup-names.ts';
export { directoryWatch } from './file-source/directory-watch.ts';
export { FileSource, type FileSourceOptions } from './file-source/file-source.ts';
export type { StartAt } from './file-source/start-position.ts';
export type { AuditFormat } from './formats/audit-format.ts';
export { readEvents } from './formats/read-events.ts';
export { directoryFiles } from './journal/directory-files.ts';
export { Journal, type JournalOptions } from './journal/journal.ts';
export { JournalSource, type JournalSourceOptions } from './journal/journal-source.ts';
export { LevelObserver, type LoggedRequest, type ObserverSnapshot } from './level-observer.ts';
export { isLongRunning } from './long-running.ts';
export {
  isObservedLevels,
  mergeObserved,
  OBSERVED_BITS,
  type ObservedLevels,
  OTHER_PATHS,
  observedResource,
} from './observed-levels.ts';
export { type OperationClass, operationClass } from './operation-class.ts';
export { type Outcome, outcome } from './outcome.ts';
export { comparePositions, formatPosition, ORIGIN, type Position, parsePosition } from './position.ts';
export { requestIdentity } from './request-identity.ts';
export type {
  AuditRecord,
  Batch,
  BatchSummary,
  Gap,
  IntakeStatus,
  Source,
  SourceState,
  SourceStatus,
} from './source.ts';
export { trustedSourceIP } from './source-ip.ts';
export { StageGate, type StageGateOptions, type StageGateSnapshot, type StageRule } from './stage-gate.ts';
export { type PartitionState, type ReplicaState, StateFile } from './state-file.ts';
export { type ObjectTarget, target } from './target.ts';
export { parseTimestamp } from './timestamp.ts';
export type { InletOptions } from './webhook/inlet.ts';
export { Intakes, type JournalBounds } from './webhook/intakes.ts';
export { listenForWebhooks } from './webhook/listen-for-webhooks.ts';
export { RejectionReports } from './webhook/rejection-reports.ts';
export type { TlsFiles } from './webhook/tls-files.ts';
export {
  InvalidWebhook,
  type WebhookConfig,
  type WebhookConfigOptions,
  webhookConfig,
} from './webhook/webhook-config.ts';
export type {
  Rejection as WebhookRejection,
  WebhookReceiver,
  WebhookReceiverOptions,
} from './webhook/webhook-receiver.ts';
export { WebhookSource, type WebhookSourceOptions } from './webhook/webhook-source.ts';
