import type { LineError } from '../../../src/audit/source.ts';

/** The counts of a batch without any line that could not be read. */
export const NO_ERRORS: Readonly<Record<LineError, number>> = {
  'invalid-json': 0,
  'not-an-event': 0,
  'nul-bytes': 0,
  torn: 0,
  oversize: 0,
  unterminated: 0,
  unreadable: 0,
};
