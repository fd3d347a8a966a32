import type { AuditEvent } from '../../audit/index.ts';
import type { BrokenPlace } from '../logs/event-reader.ts';
import type { ScanRule } from './scan-rules.ts';

/** An event at which a rule matched. */
export interface ScanMatch {
  readonly rule: ScanRule;
  readonly file: string;
  readonly line: number;
  readonly item: number | undefined;
  readonly event: AuditEvent;
  /** The bodies were cut off and the rule tests them: it may or may not match. */
  readonly undetermined: boolean;
}

/** What a scan found with one rule. */
export interface RuleSummary {
  readonly rule: ScanRule;
  readonly matches: number;
  readonly undetermined: number;
  /** Requests that matched and were left out, by cause. */
  readonly leftOut: { readonly outcome: number; readonly dryRun: number };
}

/** What a scan amounts to. */
export interface ScanSummary {
  readonly files: number;
  readonly events: number;
  readonly matches: number;
  /** Rules that matched, or whose matches were left out: the worst first. */
  readonly byRule: readonly RuleSummary[];
  readonly rules: {
    readonly run: number;
    readonly otherLogsource: number;
    readonly off: number;
    /** Errors in rules, which therefore did not run. */
    readonly broken: number;
  };
  /** Lines that are no audit events. */
  readonly broken: { readonly count: number; readonly first: readonly (BrokenPlace & { readonly file: string })[] };
  readonly milliseconds: number;
}

/** A format of what a scan finds. Each call gives the text to print. */
export interface ScanReport {
  begin(): string;
  match(match: ScanMatch): string;
  end(summary: ScanSummary): string;
  /** The summary does not belong into the output, and goes to standard error. */
  readonly summaryApart: boolean;
}
