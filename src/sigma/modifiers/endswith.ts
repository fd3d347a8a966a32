import { stringTestModifier } from './string-test.ts';

/** The field ends with the value. */
export const endswith = stringTestModifier('endswith');
