import { SEVERITIES, type Severity } from '../../alerts/index.ts';
import type { ReportedRule, RuleSummary } from './report.ts';

interface Counts {
  matches: number;
  /** Among the matches. */
  undetermined: number;
  outcome: number;
  dryRun: number;
  filter: number;
}

/** Counts what a scan finds, by rule. */
export class ScanTally {
  readonly #counts = new Map<string, { readonly rule: ReportedRule; readonly counts: Counts }>();

  add(rule: ReportedRule, what: keyof Counts): void {
    let entry = this.#counts.get(rule.id);
    if (entry === undefined) {
      entry = { rule, counts: { matches: 0, undetermined: 0, outcome: 0, dryRun: 0, filter: 0 } };
      this.#counts.set(rule.id, entry);
    }
    entry.counts[what]++;
  }

  get matches(): number {
    return this.#counts.values().reduce((sum, { counts }) => sum + counts.matches, 0);
  }

  /** Whether a rule of this severity or worse matched. */
  reaches(severity: Severity): boolean {
    const least = SEVERITIES.indexOf(severity);
    return this.#counts
      .values()
      .some(({ rule, counts }) => counts.matches > 0 && SEVERITIES.indexOf(rule.severity) >= least);
  }

  /** The worst severity first, then by matches, then by title. */
  summaries(): readonly RuleSummary[] {
    const rank = ({ rule }: RuleSummary): number => SEVERITIES.indexOf(rule.severity);
    return [...this.#counts.values()]
      .map(({ rule, counts: { matches, undetermined, ...leftOut } }) => ({ rule, matches, undetermined, leftOut }))
      .toSorted(
        (a, b) =>
          rank(b) - rank(a) || b.matches - a.matches || a.rule.document.title.localeCompare(b.rule.document.title),
      );
  }
}
