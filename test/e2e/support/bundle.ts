import { join } from 'node:path';

export { bundleIn } from '../../../dev/image/bundle-in.ts';

export const ROOT = join(import.meta.dirname, '../../..');
