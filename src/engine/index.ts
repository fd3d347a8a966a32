/** The public face of `src/engine`: what reads logs and runs rules on them, behind a port that only plain data crosses. */
export type {
  Detected,
  DetectedBatch,
  DetectionEngine,
  EngineIdentity,
  PartitionReader,
  RulesChange,
  UncompiledText,
} from './detection-engine.ts';
export { EngineError } from './engine-error.ts';
export { LocalEngine } from './local-engine.ts';
export type { SourceSpec } from './open-source.ts';
export type { Listening, RejectedRequests } from './receiving.ts';
export type { RuleText } from './rule-text.ts';
export type { RunnableFilter } from './runnable-filter.ts';
export type { RunnableRule } from './runnable-rule.ts';
export { WorkerEngine } from './worker-engine.ts';
