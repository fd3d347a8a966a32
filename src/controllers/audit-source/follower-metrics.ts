import type { Detection } from '../../alerts/index.ts';
import type { Batch } from '../../audit/index.ts';

/** Hears about each batch once its Alerts are written. Must not throw. */
export interface FollowerMetrics {
  batchDone(source: string, batch: Batch, detection: Detection): void;
}
