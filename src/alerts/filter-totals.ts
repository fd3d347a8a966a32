import type { HiddenRequest, Suppression, Suppressions } from './suppressions.ts';
import { formatMargins, storedTally, type Tally, talliedTimes } from './tally.ts';

/** What a filter left out of one partition. Plain JSON, of bounded size. */
export interface FilterTotals {
  readonly suppressed: number;
  /** RFC 3339. */
  readonly lastSuppressed: string;
  readonly byRule: StoredTally;
  readonly requests: StoredTally;
  /** The last one of each kind of request that is listed. */
  readonly last: Readonly<Record<string, HiddenRequest>>;
}

/** By the name of the DetectionFilter; filters that left out nothing are absent. */
export type TotalsByFilter = Readonly<Record<string, FilterTotals>>;

interface StoredTally {
  readonly counts: Readonly<Record<string, number>>;
  readonly margins?: string;
}

/** What a filter left out, over all partitions. */
export interface FilterSummary {
  readonly suppressed: number;
  readonly lastSuppressed: string;
  /** Of the busiest rules; the sum may be less than `suppressed`. */
  readonly byRule: Readonly<Record<string, number>>;
  /** The busiest first; the sum may be less than `suppressed`. */
  readonly hidden: readonly { readonly request: string; readonly count: number; readonly last?: HiddenRequest }[];
}

/** Not above what `crds/detectionfilters.yaml` admits. */
const MAX_RULES = 32;
const MAX_REQUESTS = 16;

/** The totals with what a run of records adds. */
export function addSuppressions(totals: TotalsByFilter, more: Suppressions): TotalsByFilter {
  const sum: Record<string, FilterTotals> = { ...totals };
  for (const [filter, suppression] of Object.entries(more)) sum[filter] = added(sum[filter], suppression);
  return sum;
}

function added(before: FilterTotals | undefined, { count, last, byRule, requests }: Suppression): FilterTotals {
  const kinds = Object.entries(requests);
  const tally = talliedTimes(
    restored(before?.requests),
    kinds.map(([kind, { count: times }]) => [kind, times]),
    MAX_REQUESTS,
  );
  const newest = { ...before?.last, ...Object.fromEntries(kinds.map(([kind, one]) => [kind, one.last])) };
  return {
    suppressed: (before?.suppressed ?? 0) + count,
    lastSuppressed: later(before?.lastSuppressed, last),
    byRule: stored(talliedTimes(restored(before?.byRule), Object.entries(byRule), MAX_RULES)),
    requests: stored(tally),
    last: Object.fromEntries(Object.entries(newest).filter(([kind]) => tally.counts.has(kind))),
  };
}

/** The totals with details of at most so many filters, those that left out something last; of the others only the counts. */
export function withDetailsOf(limit: number, totals: TotalsByFilter): TotalsByFilter {
  const all = Object.entries(totals);
  if (all.length <= limit) return totals;
  const newestFirst = all.toSorted(([, a], [, b]) => (a.lastSuppressed < b.lastSuppressed ? 1 : -1));
  return Object.fromEntries(
    newestFirst.map(([name, each], index) => [
      name,
      index < limit ? each : { ...each, byRule: NO_TALLY, requests: NO_TALLY, last: {} },
    ]),
  );
}

const NO_TALLY: StoredTally = Object.freeze({ counts: Object.freeze({}) });

/** Undefined where the filter left out nothing. */
export function filterSummary(partitions: readonly TotalsByFilter[], filter: string): FilterSummary | undefined {
  const all = partitions.flatMap((totals) => (Object.hasOwn(totals, filter) ? (totals[filter] ?? []) : []));
  const [first] = all;
  if (first === undefined) return undefined;
  const last = new Map<string, HiddenRequest>();
  for (const [kind, one] of all.flatMap((each) => Object.entries(each.last))) {
    const known = last.get(kind);
    if (known === undefined || known.at < one.at) last.set(kind, one);
  }
  const requests = busiest(
    all.map((each) => each.requests),
    MAX_REQUESTS,
  );
  const rules = busiest(
    all.map(({ byRule }) => byRule),
    MAX_RULES,
  );
  return {
    suppressed: all.reduce((sum, { suppressed }) => sum + suppressed, 0),
    lastSuppressed: all.reduce((time, { lastSuppressed }) => later(time, lastSuppressed), first.lastSuppressed),
    byRule: Object.fromEntries(rules),
    hidden: requests.map(([request, count]) => {
      const one = last.get(request);
      return { request, count, ...(one !== undefined && { last: one }) };
    }),
  };
}

/** Of several partitions what is certain of each is added up. */
function busiest(tallies: readonly StoredTally[], limit: number): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const [value, count] of tallies.flatMap(({ counts }) => Object.entries(counts)))
    sums.set(value, (sums.get(value) ?? 0) + count);
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

function restored(tally: StoredTally | undefined): Tally {
  return storedTally(tally?.counts, tally?.margins);
}

function stored(tally: Tally): StoredTally {
  const margins = formatMargins(tally);
  return { counts: Object.fromEntries(tally.counts), ...(margins !== undefined && { margins }) };
}

function later(a: string | undefined, b: string): string {
  return a === undefined || a < b ? b : a;
}
