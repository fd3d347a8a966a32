import assert from 'node:assert/strict';
import { type CompiledRule, compileRule, type EvaluateOptions, type Verdict } from '../../../../src/sigma/index.ts';
import { readRecords } from './corpus.ts';

/** Something that says what a rule makes of an event. Every engine must pass the same contract. */
export type Engine = (rule: CompiledRule, event: object, options?: EvaluateOptions) => Verdict;

interface ConformanceCase {
  readonly section: string;
  readonly title: string;
  readonly rule: string;
  /** The values of placeholders. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  readonly event: object;
  readonly expected: Verdict | 'refused';
}

/** The conformance list as tests of an engine. */
export function describeEngine(name: string, engine: Engine): void {
  const sections = Map.groupBy(readRecords<ConformanceCase>('conformance.jsonl'), ({ section }) => section);
  for (const [section, cases] of sections) {
    describe(`${name}: ${section}`, () => {
      for (const { title, rule, placeholders, event, expected } of cases) {
        it(title, () => {
          const result = compileRule(rule, placeholders && { placeholders: (name) => placeholders[name] });
          assert.equal(result.ok ? engine(result.rule, event) : 'refused', expected);
        });
      }
    });
  }
}
