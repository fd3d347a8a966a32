import type { LoadProblem } from '../rules/load-problem.ts';
import type { ReportedRule } from './reported-rule.ts';
import type { TestCase, TestResult } from './test-case.ts';

/** What came of all tests. */
export interface TestReport {
  readonly results: readonly TestResult[];
  /** Rules for Kubernetes audit events without tests. */
  readonly untested: readonly ReportedRule[];
  /** Tests, and rules, that cannot be used. */
  readonly problems: readonly LoadProblem[];
}

/** `the rule does not match, and should`. */
export function failureSentence({ expected, actual }: Pick<TestResult, 'expected' | 'actual'>): string {
  if (typeof expected === 'number') return `The rule matches ${String(actual)} events, and should match ${expected}.`;
  return `The rule ${WORDS[wordOf(actual)]}, and should ${SHOULD[wordOf(expected)]}.`;
}

const WORDS = { true: 'matches', false: 'does not match', undetermined: 'may match: bodies are cut off' } as const;
const SHOULD = { true: 'match', false: 'not match', undetermined: 'be undetermined' } as const;

function wordOf(value: TestCase['expected']): keyof typeof WORDS {
  if (value === 'undetermined') return value;
  return value === true ? 'true' : 'false';
}
