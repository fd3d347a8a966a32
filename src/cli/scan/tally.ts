import { SEVERITIES } from '../../alerts/index.ts';
import type { RuleSummary } from './report.ts';
import type { ScanRule } from './scan-rules.ts';

/** Counts what a scan finds, by rule. */
export class ScanTally {
  readonly #counts = new Map<ScanRule, Counts>();

  add(rule: ScanRule, what: keyof Counts): void {
    let counts = this.#counts.get(rule);
    if (counts === undefined) this.#counts.set(rule, (counts = { matches: 0, undetermined: 0, outcome: 0, dryRun: 0 }));
    counts[what]++;
  }

  get matches(): number {
    return this.#counts.values().reduce((sum, { matches }) => sum + matches, 0);
  }

  /** Whether a rule of this severity or worse matched. */
  reaches(severity: (typeof SEVERITIES)[number]): boolean {
    const least = SEVERITIES.indexOf(severity);
    return this.#counts
      .entries()
      .some(([rule, { matches }]) => matches > 0 && SEVERITIES.indexOf(rule.severity) >= least);
  }

  /** The worst severity first, then by matches, then by title. */
  summaries(): readonly RuleSummary[] {
    const rank = ({ rule }: RuleSummary): number => SEVERITIES.indexOf(rule.severity);
    const titleOf = ({ rule }: RuleSummary): string => rule.loaded.compiled.document.title;
    return [...this.#counts]
      .map(([rule, { matches, undetermined, ...leftOut }]) => ({ rule, matches, undetermined, leftOut }))
      .toSorted((a, b) => rank(b) - rank(a) || b.matches - a.matches || titleOf(a).localeCompare(titleOf(b)));
  }
}

interface Counts {
  matches: number;
  /** Among the matches. */
  undetermined: number;
  outcome: number;
  dryRun: number;
}
