import { regexFlagModifier } from './regex-flag.ts';

/** `re|s`: `.` matches line ends. */
export const dotall = regexFlagModifier('s', 'dotall', 'dotAll');
