/**
 * A stretch of event time in which a correlation's condition holds; it has fired once. It ends at `end`: with it, or right before it where `open`;
 * undefined while it lasts.
 */
export interface Episode {
  readonly from: number;
  end: number | undefined;
  open: boolean;
}

export function episodeFrom(from: number): Episode {
  return { from, end: undefined, open: false };
}

function covers({ from, end, open }: Episode, time: number): boolean {
  if (time < from) return false;
  return end === undefined || time < end || (time === end && !open);
}

export function overlap(a: Episode, b: Episode): boolean {
  return covers(a, b.from) || covers(b, a.from);
}
