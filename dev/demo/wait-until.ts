import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is not undefined. @throws after `seconds`, saying what was waited for */
export async function waitUntil<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(100);
  }
}
