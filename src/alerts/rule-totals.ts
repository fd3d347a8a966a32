/** What a rule did in one partition: requests counted in Alerts, and matches that were left out, by cause. */
export interface RuleTotals {
  readonly matches: number;
  /** RFC 3339; absent while there is no match. */
  readonly lastMatch?: string;
  readonly leftOut: LeftOut;
}

interface LeftOut {
  readonly outcome: number;
  readonly dryRun: number;
  /** By filters; absent where they left out nothing. */
  readonly filter?: number;
}

/** By the name of the DetectionRule; rules without any match are absent. */
export type TotalsByRule = Readonly<Record<string, RuleTotals>>;

const NONE: RuleTotals = Object.freeze({ matches: 0, leftOut: Object.freeze({ outcome: 0, dryRun: 0 }) });

export function addTotals(a: RuleTotals = NONE, b: RuleTotals = NONE): RuleTotals {
  const lastMatch = [a.lastMatch, b.lastMatch]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return {
    matches: a.matches + b.matches,
    ...(lastMatch !== undefined && { lastMatch }),
    leftOut: addLeftOut(a.leftOut, b.leftOut),
  };
}

function addLeftOut(a: LeftOut, b: LeftOut): LeftOut {
  const filter = (a.filter ?? 0) + (b.filter ?? 0);
  return { outcome: a.outcome + b.outcome, dryRun: a.dryRun + b.dryRun, ...(filter > 0 && { filter }) };
}

export function sumTotals(all: readonly TotalsByRule[]): TotalsByRule {
  const sum: Record<string, RuleTotals> = {};
  for (const totals of all) for (const [rule, more] of Object.entries(totals)) sum[rule] = addTotals(sum[rule], more);
  return sum;
}
