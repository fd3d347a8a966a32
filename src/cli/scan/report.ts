import type { Severity } from '../../alerts/index.ts';
import type { AuditEvent } from '../../audit/index.ts';
import type { Firing, RuleDocument } from '../../sigma/index.ts';
import type { BrokenPlace } from '../logs/event-reader.ts';

/** The rule of something that a scan found. */
export interface ReportedRule {
  /** Unique in the scan. */
  readonly id: string;
  /** The DetectionRule's name, or the file. */
  readonly name: string;
  readonly file: string;
  readonly severity: Severity;
  readonly document: RuleDocument;
}

/** Where an event stands. */
export interface EventPlace {
  readonly file: string;
  readonly line: number;
  /** Its index in a list of events. */
  readonly item: number | undefined;
}

/** An event at which a rule matched. */
export interface ScanMatch {
  readonly kind: 'match';
  readonly rule: ReportedRule;
  readonly place: EventPlace;
  readonly event: AuditEvent;
  /** The bodies were cut off and the rule tests them: it may or may not match. */
  readonly undetermined: boolean;
}

/** What a firing remembers of the events that led to it. */
export interface FiringEvent {
  readonly place: EventPlace;
  /** In short. */
  readonly event: object;
}

/** A correlation that fired. */
export interface ScanFiring {
  readonly kind: 'firing';
  readonly rule: ReportedRule;
  readonly firing: Firing<FiringEvent>;
}

/** What a scan found with one rule. */
export interface RuleSummary {
  readonly rule: ReportedRule;
  readonly matches: number;
  readonly undetermined: number;
  /** Requests that matched and were left out, by cause. */
  readonly leftOut: { readonly outcome: number; readonly dryRun: number; readonly filter: number };
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
  found(found: ScanMatch | ScanFiring): string;
  end(summary: ScanSummary): string;
  /** The summary does not belong into the output, and goes to standard error. */
  readonly summaryApart: boolean;
}
