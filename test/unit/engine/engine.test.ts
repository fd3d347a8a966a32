import { LocalEngine, WorkerEngine } from '../../../src/engine/index.ts';
import { engineContract } from './engine-contract.ts';

engineContract('in this thread', (expired) => new LocalEngine({ expired }));
engineContract('in a thread of its own', (expired) => new WorkerEngine({ expired }));
