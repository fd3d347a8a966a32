import { regexFlagModifier } from './regex-flag.ts';

/** `re|i`: without regard to case. */
export const ignorecase = regexFlagModifier('i', 'ignorecase', 'ignoreCase');
