import type { AlertCount } from './alert-counts.ts';
import type { ExpectedGroup, Recount } from './recount.ts';

/** How the counts of Alerts, and of the filter, differ from the log's. */
export interface Verdict {
  /** Requests that no Alert counts. */
  readonly lost: number;
  /** Requests that are counted too often. */
  readonly doubled: number;
  /** A line for each difference. */
  readonly differences: readonly string[];
  /** Requests that match a rule, each as often as it matches one. */
  readonly matches: number;
}

/**
 * Compares what Alerts count, and had counted when they were deleted, with the log. A rule that found no room counts the rest
 * in one Alert: then a group may count less than the log says, and what is missing must be there, actor by actor.
 */
export function verdict(expected: Recount, counts: readonly AlertCount[], suppressed: number): Verdict {
  const ofRules = [...expected.rules].map(([rule, groups]) => {
    const ofRule = counts.filter((each) => each.rule === rule);
    return verdictOfRule(rule, groups, ofRule);
  });
  const all = [...ofRules, verdictOfFilter(expected.suppressed, suppressed)];
  return {
    lost: sum(all.map(({ lost }) => lost)),
    doubled: sum(all.map(({ doubled }) => doubled)),
    differences: all.flatMap(({ differences }) => differences),
    matches: sum(all.map(({ matches }) => matches)),
  };
}

/** What it leaves out is counted once, too. */
function verdictOfFilter(expected: number, found: number): Verdict {
  const more = found - expected;
  return {
    lost: Math.max(0, -more),
    doubled: Math.max(0, more),
    differences: more === 0 ? [] : [`the filter: counted ${found}, logged ${expected}`],
    matches: expected,
  };
}

function verdictOfRule(
  rule: string,
  groups: ReadonlyMap<string, ExpectedGroup>,
  counts: readonly AlertCount[],
): Verdict {
  const found = new Map<string, number>();
  for (const { group, count } of counts) if (group !== undefined) add(found, group, count);
  const differences: string[] = [];
  const missing = new Map<string, number>();
  let doubled = 0;
  for (const group of new Set([...groups.keys(), ...found.keys()])) {
    const expected = groups.get(group);
    const more = (found.get(group) ?? 0) - (expected?.count ?? 0);
    if (more > 0) {
      doubled += more;
      differences.push(`${rule}: ${group}: counted ${found.get(group)}, logged ${expected?.count ?? 0}`);
    } else if (more < 0) add(missing, expected?.actor ?? '', -more);
  }
  const rest = compareRest(rule, missing, counts);
  const hasOverflow = counts.some(({ group }) => group === undefined);
  const lostGroups = rest.lost === 0 || hasOverflow ? [] : fewer(rule, groups, found);
  return {
    lost: rest.lost,
    doubled: doubled + rest.doubled,
    differences: [...differences, ...rest.differences, ...lostGroups],
    matches: sum([...groups.values()].map(({ count }) => count)),
  };
}

/** What no Alert of its own counts, against what is counted for want of room. */
function compareRest(
  rule: string,
  missing: ReadonlyMap<string, number>,
  counts: readonly AlertCount[],
): Pick<Verdict, 'lost' | 'doubled' | 'differences'> {
  const overflow = counts.filter(({ group }) => group === undefined);
  const [wanted, found] = overflow.some(({ actors }) => actors === undefined)
    ? [new Map([['anybody', sum([...missing.values()])]]), new Map([['anybody', sum(overflow.map((o) => o.count))]])]
    : [missing, byActor(overflow)];
  const result = { lost: 0, doubled: 0, differences: [] as string[] };
  for (const actor of new Set([...wanted.keys(), ...found.keys()])) {
    const more = (found.get(actor) ?? 0) - (wanted.get(actor) ?? 0);
    if (more === 0) continue;
    if (more > 0) result.doubled += more;
    else result.lost -= more;
    result.differences.push(
      `${rule}: without room, by ${actor}: counted ${found.get(actor) ?? 0}, to be counted ${wanted.get(actor) ?? 0}`,
    );
  }
  return result;
}

function byActor(overflow: readonly AlertCount[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { actors = {} } of overflow) for (const [actor, count] of Object.entries(actors)) add(all, actor, count);
  return all;
}

/** The groups that lost something. */
function fewer(
  rule: string,
  groups: ReadonlyMap<string, ExpectedGroup>,
  found: ReadonlyMap<string, number>,
): readonly string[] {
  return [...groups]
    .filter(([group, { count }]) => (found.get(group) ?? 0) < count)
    .map(([group, { count }]) => `${rule}: ${group}: counted ${found.get(group) ?? 0}, logged ${count}`);
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
