// The entry of an engine's thread: see WorkerEngine.
import { parentPort } from 'node:worker_threads';
import { EngineHost } from './engine-host.ts';

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
new EngineHost(parentPort).listen();
