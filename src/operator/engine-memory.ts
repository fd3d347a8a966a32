import { totalmem } from 'node:os';

/** What V8 may take for the engine's thread. */
export interface EngineMemory {
  readonly maxOldGenerationSizeMb: number;
}

/** Of what the container may have. The rest is the main thread's, and that of buffers. */
const SHARE = 0.6;

/**
 * Where the container's memory is limited: so that a thread that needs too much ends alone, and says so, and not the process.
 * Undefined where it is not limited.
 *
 * @param limit bytes; more than there is, or 0, without a limit
 */
export function engineMemory(
  limit: number = process.constrainedMemory(),
  machine: number = totalmem(),
): EngineMemory | undefined {
  if (limit === 0 || limit >= machine) return undefined;
  return { maxOldGenerationSizeMb: Math.floor((limit * SHARE) / 2 ** 20) };
}
