import { stringTestModifier } from './string-test.ts';

/** The value stands anywhere in the field. */
export const contains = stringTestModifier('contains');
