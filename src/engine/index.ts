/** The public face of `src/engine`: what reads logs and runs rules on them, behind a port that only plain data crosses. */
export type {
  AskExpired,
  Detected,
  DetectedBatch,
  DetectionEngine,
  EngineIdentity,
  PartitionReader,
  ReaderState,
  RulesChange,
  RunnableRule,
  UncompiledRule,
} from './detection-engine.ts';
export { LocalEngine } from './local-engine.ts';
export type { SourceSpec } from './open-source.ts';
export type { RuleText } from './rule-text.ts';
