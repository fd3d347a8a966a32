// An engine's thread that fails when it is asked for a state with no files, and hangs for fewer, as any bug could make it.
import { parentPort } from 'node:worker_threads';
import { EngineHost } from '../../../src/engine/engine-host.ts';
import type { ToEngine } from '../../../src/engine/protocol.ts';

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
new EngineHost(parentPort).listen();
parentPort.on('message', (message: ToEngine) => {
  if (message.kind !== 'request' || message.request.call !== 'state' || message.request.limits.files > 0) return;
  while (message.request.limits.files < 0);
  throw Object.assign(new Error('a bug'), { code: 'ERR_BUG' });
});
