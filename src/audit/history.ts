import type { SourceCheckpoint } from './checkpoint.ts';
import { comparePositions } from './position.ts';
import type { Batch, Source } from './source.ts';

/**
 * The batches of a source up to a checkpoint, for a second look at what stood before it: nothing after the checkpoint is
 * given, and the reading ends there, or where there is no more.
 */
export async function* upTo(
  source: Pick<Source, 'batches'>,
  { position, lastEventTime }: SourceCheckpoint,
  signal: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  for await (const batch of source.batches(signal)) {
    if (comparePositions(batch.end, position) < 0) {
      yield batch;
      if (batch.caughtUp) return;
      continue;
    }
    const records = batch.records.filter((record) => comparePositions(record.position, position) <= 0);
    yield { ...batch, records, end: position, lastEventTime };
    return;
  }
}
