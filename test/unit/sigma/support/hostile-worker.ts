import { parentPort } from 'node:worker_threads';
import { compileRule } from '../../../../src/sigma/index.ts';
import { HOSTILE_SOURCES } from './hostile-sources.ts';

/** Compiles every hostile source in the memory that its thread has, and posts what becomes of each. */
const outcomes = Object.entries(HOSTILE_SOURCES).map(([title, [source, , options]]) => {
  const result = compileRule(source, options);
  return [title, result.ok ? 'ok' : result.errors[0]?.code];
});
// oxlint-disable-next-line require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(Object.fromEntries(outcomes));
