import type { ItemModifier } from './modifier.ts';

/** Every value must match, instead of any; variants of one value stay alternatives. */
export const all: ItemModifier = { kind: 'item', name: 'all', aliases: [], takes: 'a list of values', effect: 'all' };
