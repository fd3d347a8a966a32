/** Kleene's three values: a predicate on a body that is cut off is neither true nor false. */
export type Truth = boolean | 'unknown';

/** False as soon as one is false, else unknown if one is. Stops reading at the first false. */
export function truthOfAll(truths: Iterable<Truth>): Truth {
  let result: Truth = true;
  for (const truth of truths) {
    if (truth === false) return false;
    if (truth === 'unknown') result = 'unknown';
  }
  return result;
}

/** True as soon as one is true, else unknown if one is. Stops reading at the first true. */
export function truthOfAny(truths: Iterable<Truth>): Truth {
  let result: Truth = false;
  for (const truth of truths) {
    if (truth === true) return true;
    if (truth === 'unknown') result = 'unknown';
  }
  return result;
}

export function truthOfNot(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : !truth;
}
