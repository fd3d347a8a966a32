import type { RuleListing } from '../../../catalog/index.ts';

/** Which rules to list: those that pass each filter by one of its values, in any case. An empty filter lets all pass. */
export interface ListFilters {
  readonly level: readonly string[];
  readonly status: readonly string[];
  /** Short names of tactics, or ids of techniques; a technique stands for its sub-techniques, too. */
  readonly tactic: readonly string[];
  readonly resource: readonly string[];
  readonly verb: readonly string[];
  readonly product: readonly string[];
}

export type ListOrder = 'title' | 'level' | 'status' | 'source';

/** The listings that pass, in an order. */
export function selectListings(
  rules: readonly RuleListing[],
  filters: ListFilters,
  order: ListOrder,
): readonly RuleListing[] {
  return rules.filter((rule) => passes(rule, filters)).toSorted(ORDERS[order]);
}

function passes(rule: RuleListing, { level, status, tactic, resource, verb, product }: ListFilters): boolean {
  const attack = [...rule.tactics, ...rule.techniques, ...rule.techniques.map((id) => id.split('.')[0] ?? id)];
  return (
    hasOne(level, [rule.level]) &&
    hasOne(status, [rule.status]) &&
    hasOne(tactic, attack) &&
    hasOne(resource, rule.resources) &&
    hasOne(verb, rule.verbs) &&
    hasOne(product, [rule.logsource.product])
  );
}

function hasOne(wanted: readonly string[], values: readonly (string | undefined)[]): boolean {
  if (wanted.length === 0) return true;
  const has = new Set(values.map((value) => value?.toLowerCase()));
  return wanted.some((value) => has.has(value.toLowerCase()));
}

const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'];
const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];

const ORDERS: Readonly<Record<ListOrder, (a: RuleListing, b: RuleListing) => number>> = {
  title: byTitle,
  level: (a, b) => rank(LEVELS, a.level) - rank(LEVELS, b.level) || byTitle(a, b),
  status: (a, b) => rank(STATUSES, a.status) - rank(STATUSES, b.status) || byTitle(a, b),
  source: (a, b) => compare(a.file ?? a.key, b.file ?? b.key),
};

function rank(order: readonly string[], value: string | undefined): number {
  const index = order.indexOf(value ?? '');
  return index < 0 ? order.length : index;
}

function byTitle(a: RuleListing, b: RuleListing): number {
  return compare(a.title.toLowerCase(), b.title.toLowerCase()) || compare(a.key, b.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
