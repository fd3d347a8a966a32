import { setTimeout as sleep } from 'node:timers/promises';

const WITHIN_MS = 30_000;
const EVERY_MS = 50;

/** Tries until `check` no longer throws, and returns what it returned; rejects with its last error after a time that is only ever used up by failures. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = WITHIN_MS): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(EVERY_MS);
    }
  }
}
