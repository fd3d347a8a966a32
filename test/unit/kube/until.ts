const PATIENCE_MS = 5000;

/** Waits for what the event loop is about to bring, and fails when it does not. */
export async function until(condition: () => boolean, what = 'what was awaited'): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`${what} did not happen within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
