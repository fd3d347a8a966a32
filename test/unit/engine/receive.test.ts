import { LocalEngine } from '../../../src/engine/index.ts';
import { receiveContract } from './receive-contract.ts';

receiveContract('of this thread', () => new LocalEngine({ expired: async (deleted) => deleted.map(() => false) }));
