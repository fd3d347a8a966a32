import type { ItemModifier } from './modifier.ts';

/** The item must not match: none of the values, and true where the field is missing. */
export const neq: ItemModifier = { kind: 'item', name: 'neq', aliases: [], takes: 'any value', effect: 'not' };
