import { regexFlagModifier } from './regex-flag.ts';

/** `re|m`: `^` and `$` match at line ends. */
export const multiline = regexFlagModifier('m', 'multiline', 'multiline');
