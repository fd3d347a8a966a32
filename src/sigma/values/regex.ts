import { RE2JS } from 're2js';

/** A regular expression in RE2 syntax; found anywhere in a value, case-sensitive unless `ignoreCase`. */
export interface RegexPattern {
  readonly source: string;
  readonly ignoreCase: boolean;
  /** `^` and `$` match at line ends. */
  readonly multiline: boolean;
  /** `.` matches line ends. */
  readonly dotAll: boolean;
}

/** Compiles for matching in linear time. Throws an Error whose message says what is wrong. */
export function compileRegex(pattern: RegexPattern): RE2JS {
  const flags =
    (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (pattern.multiline ? RE2JS.MULTILINE : 0) |
    (pattern.dotAll ? RE2JS.DOTALL : 0);
  return RE2JS.compile(pattern.source, flags);
}
