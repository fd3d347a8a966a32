import type { ResolvedFilter } from '../detection-filter/resolve-filter.ts';
import type { ResolvedRule } from '../detection-rule/resolve-rule.ts';
import { decodeAnnotation, encodeAnnotation } from './annotation-codec.ts';

/**
 * Which version of each rule and filter a replica runs, by the rule's name or the filter's key: the generation that it looked at, and the beginning of the
 * hash of the accepted text, as `generation:hash`.
 */
export type RulesReport = Readonly<Record<string, string>>;

export const RULES_ANNOTATION = 'detection.sigma-operator.dev/rules';

const HASH_LENGTH = 12;

/** A filter's key among rules: no object has a name like that. */
export function filterKey(name: string): string {
  return `filter/${name}`;
}

export function rulesReport(rules: Iterable<ResolvedRule>, filters: Iterable<ResolvedFilter> = []): RulesReport {
  const report: Record<string, string> = {};
  const add = (key: string, generation: number, hash: string | undefined): void => {
    if (hash !== undefined) report[key] = `${generation}:${hash.slice(0, HASH_LENGTH)}`;
  };
  for (const { name, generation, accepted } of rules) add(name, generation, accepted?.hash);
  for (const { name, generation, accepted } of filters) add(filterKey(name), generation, accepted?.hash);
  return report;
}

export function encodeRulesReport(report: RulesReport): string {
  return encodeAnnotation(report);
}

export function decodeRulesReport(text: string | undefined): RulesReport {
  const value = decodeAnnotation(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Whether the replica that reports runs the accepted text with this hash, under the choices of this generation or newer. */
export function runsRule(report: RulesReport, rule: string, generation: number, hash: string): boolean {
  const [seen, running] = report[rule]?.split(':') ?? [];
  return Number(seen) >= generation && running === hash.slice(0, HASH_LENGTH);
}
