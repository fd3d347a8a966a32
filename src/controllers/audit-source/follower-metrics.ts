import type { BatchSummary } from '../../audit/index.ts';
import type { Detected } from '../../engine/index.ts';

/** Hears about each batch once its Alerts are written. Must not throw. */
export interface FollowerMetrics {
  batchDone(source: string, batch: BatchSummary, detection: Detected): void;
}
