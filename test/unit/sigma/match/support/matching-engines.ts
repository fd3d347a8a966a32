import assert from 'node:assert/strict';
import { parseWithLateBodies } from '../../../../../src/audit/decode/late-bodies.ts';
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

const LINE_END = Buffer.from('\n');

/** Each line stands in a piece of a log, between the one before and a part of another one. */
const PASSED_OVER: MatchingEngine = {
  name: 'line screen over pieces of a log, bodies parsed late, and rule set',
  start: (rules) => {
    const set = ruleSetOf(rules);
    const screen = new LineScreen(set);
    let before = Buffer.alloc(0);
    return (logged) => {
      // Only what was serialised again could have them, and no line of a log has.
      if (logged.line.includes(LINE_END)) return SCREENED.start(rules)(logged);
      const line = Buffer.concat([logged.line, LINE_END]);
      const at = before.length;
      const piece = Buffer.concat([before, line, logged.line.subarray(0, 100)]);
      before = line;
      screen.begin(piece);
      let passed = screen.passOver(piece, 0, 0);
      while (passed.to < at) passed = screen.passOver(piece, screen.line.behind, 0);
      if (passed.to > at || passed.stop === 'awaited') return [];
      assert.equal(passed.stop, 'may-match');
      const bodies = screen.line.bodies();
      const event = bodies === undefined ? logged.event : parseWithLateBodies(logged.line, bodies);
      assert(typeof event === 'object' && event !== null);
      return set.match(event, logged).map(({ entry, verdict }) => [entry.id, verdict]);
    };
  },
};

export const MATCHING_ENGINES: readonly MatchingEngine[] = [INTERPRETER, RULE_SET, SCREENED, PASSED_OVER];
