import { stringTestModifier } from './string-test.ts';

/** The field begins with the value. */
export const startswith = stringTestModifier('startswith');
