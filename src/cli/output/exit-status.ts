/** How the offline commands end. */
export const EXIT = Object.freeze({
  /** Nothing was found that fails. */
  clean: 0,
  /** Something was found at or above the level that fails. */
  findings: 1,
  /** The input, or the arguments, are bad: the result cannot be trusted. */
  badInput: 2,
});

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** For help texts. */
export const EXIT_HELP =
  'Exit status: 0 nothing found, 1 something found at or above --fail-on, 2 bad input or arguments.';
