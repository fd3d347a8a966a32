import type { ReportedRule } from './reported-rule.ts';

/** A test of a rule. */
export interface TestCase {
  readonly name: string;
  /** Where it stands in its file, from 1. */
  readonly line: number;
  /** What the rule is shown: an event as JSON, or the path of a log with events. */
  readonly input: { readonly kind: 'event'; readonly json: string } | { readonly kind: 'log'; readonly path: string };
  /** Whether the rule matches (of a log: some event), or how many events of a log. */
  readonly expected: boolean | number | 'undetermined';
}

/** The result of one test. */
export interface TestResult {
  readonly rule: ReportedRule;
  /** Of the tests. */
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly expected: TestCase['expected'];
  readonly actual: TestCase['expected'];
  /** Why the rule matches the event or does not, where the test failed. */
  readonly explanation: string | undefined;
}
