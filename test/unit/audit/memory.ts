import v8 from 'node:v8';
import vm from 'node:vm';

/** Bytes that are reachable, buffers included. */
export function memory(): number {
  v8.setFlagsFromString('--expose-gc');
  const gc: unknown = vm.runInNewContext('gc');
  if (typeof gc === 'function') gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
