import assert from 'node:assert/strict';
import { type CompiledRule, evaluate, type Verdict } from '../../../../../src/sigma/index.ts';
import { RuleSet } from '../../../../../src/sigma/match/rule-set.ts';
import { LineScreen } from '../../../../../src/sigma/scan/line-screen.ts';

export interface NamedRule {
  readonly id: string;
  readonly compiled: CompiledRule;
}

/** An event as a line of a log, and as what the line parses to. */
export interface LoggedEvent {
  readonly line: Buffer;
  readonly event: object;
  readonly bodiesUnknown?: boolean;
}

/** By rule id, the verdicts other than no-match, in the order of the rules. */
export type Verdicts = readonly (readonly [id: string, verdict: Verdict])[];

/** Something that says what many rules make of many events. All must say the same. */
export interface MatchingEngine {
  readonly name: string;
  readonly start: (rules: readonly NamedRule[]) => (logged: LoggedEvent) => Verdicts;
}

const INTERPRETER: MatchingEngine = {
  name: 'interpreter',
  start: (rules) => (logged) =>
    rules
      .map(({ id, compiled }) => [id, evaluate(compiled.plan, logged.event, logged)] as const)
      .filter(([, verdict]) => verdict !== 'no-match'),
};

function ruleSetOf(rules: readonly NamedRule[]) {
  return RuleSet.of(rules.map(({ id, compiled }) => ({ id, plan: compiled.plan })));
}

const RULE_SET: MatchingEngine = {
  name: 'rule set',
  start: (rules) => {
    const set = ruleSetOf(rules);
    return (logged) => set.match(logged.event, logged).map(({ entry, verdict }) => [entry.id, verdict]);
  },
};

const SCREENED: MatchingEngine = {
  name: 'line screen and rule set',
  start: (rules) => {
    const set = ruleSetOf(rules);
    const screen = new LineScreen(set);
    return (logged) => {
      const mayMatch = screen.mayMatch(logged.line);
      // What it has learned of the line does not change its answer.
      assert.equal(screen.mayMatch(logged.line), mayMatch);
      return mayMatch ? set.match(logged.event, logged).map(({ entry, verdict }) => [entry.id, verdict]) : [];
    };
  },
};

export const MATCHING_ENGINES: readonly MatchingEngine[] = [INTERPRETER, RULE_SET, SCREENED];
