/** What a rule did in one partition: requests counted in Alerts, and matches that were left out, by cause. */
export interface RuleTotals {
  readonly matches: number;
  /** RFC 3339; absent while there is no match. */
  readonly lastMatch?: string;
  readonly leftOut: { readonly outcome: number; readonly dryRun: number };
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
    leftOut: { outcome: a.leftOut.outcome + b.leftOut.outcome, dryRun: a.leftOut.dryRun + b.leftOut.dryRun },
  };
}

export function sumTotals(all: readonly TotalsByRule[]): TotalsByRule {
  const sum: Record<string, RuleTotals> = {};
  for (const totals of all) for (const [rule, more] of Object.entries(totals)) sum[rule] = addTotals(sum[rule], more);
  return sum;
}
