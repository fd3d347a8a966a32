import { LocalEngine, WorkerEngine } from '../../../src/engine/index.ts';
import { receiveContract } from './receive-contract.ts';

const expired = async (deleted: readonly unknown[]) => deleted.map(() => false);

receiveContract('in this thread', () => new LocalEngine({ expired }));
receiveContract('in a thread of its own', () => new WorkerEngine({ expired }));
