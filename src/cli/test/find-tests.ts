import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CompileOptions } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { wholeText } from '../rules/embedded-text.ts';
import { findRule } from '../rules/find-rule.ts';
import { type LoadProblem, loadProblem } from '../rules/load-problem.ts';
import { compileRuleTexts, loadRules } from '../rules/load-rules.ts';
import type { LoadedFilter, LoadedRule } from '../rules/loaded.ts';
import { findRuleFiles } from '../rules/rule-files.ts';
import { readRuleTexts } from '../rules/rule-texts.ts';
import { type RuleTests, readTests } from './read-tests.ts';
import type { TestCase } from './test-case.ts';

/** The tests of one rule. */
export interface TestSuite {
  readonly file: string;
  readonly rule: LoadedRule;
  readonly filters: readonly LoadedFilter[];
  readonly cases: readonly TestCase[];
}

export interface FoundTests {
  readonly suites: readonly TestSuite[];
  /** Rules for Kubernetes audit events at the paths that have no tests. */
  readonly untested: readonly LoadedRule[];
  /** Tests, and rules, that cannot be used. */
  readonly problems: readonly LoadProblem[];
}

const TEST_NAME = /\.test\.(ya?ml|json)$/i;
const ENDINGS = ['yml', 'yaml', 'json'];

/**
 * The tests at paths, beside the rules there, and in annotations of manifests; each once. Throws a CommandFailure for a path that is not there.
 */
export function findTests(paths: readonly string[], options: CompileOptions): FoundTests {
  const finding = new Finding(options);
  const files = findRuleFiles(paths).map(({ path }) => path);
  finding.addRules(paths.filter((path) => !TEST_NAME.test(path)));
  for (const file of files.filter((path) => TEST_NAME.test(path))) finding.addFile(file);
  for (const file of files.filter((path) => !TEST_NAME.test(path))) {
    const base = file.replace(/\.[^.]+$/, '');
    for (const ending of ENDINGS) if (existsSync(`${base}.test.${ending}`)) finding.addFile(`${base}.test.${ending}`);
  }
  return finding.finish();
}

class Finding {
  readonly #options: CompileOptions;
  readonly #suites: TestSuite[] = [];
  readonly #problems: LoadProblem[] = [];
  readonly #files = new Set<string>();
  #rules: readonly LoadedRule[] = [];

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  /** Rules at paths, and the tests in their annotations. */
  addRules(paths: readonly string[]): void {
    if (paths.length === 0) return;
    const texts = Array.from(readRuleTexts(paths), (file) => ({
      texts: file.texts.filter((text) => !TEST_NAME.test(text.file)),
      problems: file.problems.filter((problem) => !TEST_NAME.test(problem.file)),
    }));
    const loaded = compileRuleTexts(texts, this.#options);
    this.#rules = loaded.rules;
    this.#problems.push(...loaded.problems.filter(({ severity }) => severity === 'error'));
    for (const { file, manifest } of texts.flatMap((one) => one.texts)) {
      const rule = loaded.rules.find((one) => one.file === file && one.name === manifest?.name);
      if (manifest?.tests !== undefined && rule !== undefined)
        this.#add(file, readTests(file, manifest.tests), () => rule);
    }
  }

  addFile(file: string): void {
    if (this.#files.has(file)) return;
    this.#files.add(file);
    const tests = readTests(file, wholeText(readFileSync(file, 'utf8')));
    this.#add(file, tests, () => this.#ruleOf(file, tests.rule));
  }

  finish(): FoundTests {
    const tested = new Set(this.#suites.map(({ rule }) => `${rule.file} ${rule.line}`));
    return {
      suites: this.#suites,
      untested: this.#rules.filter(
        ({ compiled, file, line }) => compiled.appliesToKubernetesAudit && !tested.has(`${file} ${line}`),
      ),
      problems: this.#problems,
    };
  }

  #add(file: string, { filters, cases, problems }: RuleTests, findIt: () => LoadedRule): void {
    this.#problems.push(...problems);
    if (cases.length === 0) return;
    try {
      const rule = findIt();
      this.#suites.push({ file, rule, cases, filters: filters.length === 0 ? [] : this.#filtersIn(filters) });
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      const message = [error.place, error.message].filter((part) => part !== '').join(': ');
      this.#problems.push(loadProblem('InvalidTest', file, { line: 1, column: 1 }, message));
    }
  }

  #filtersIn(paths: readonly string[]): readonly LoadedFilter[] {
    const { filters, problems } = loadRules(paths, this.#options);
    this.#problems.push(...problems);
    return filters;
  }

  /** A file beside the tests, else an id, a title or a name; without one, the file that is called like the tests. */
  #ruleOf(file: string, wanted: string | undefined): LoadedRule {
    const base = file.replace(TEST_NAME, '');
    const beside =
      wanted === undefined
        ? ENDINGS.map((ending) => `${base}.${ending}`).find((path) => existsSync(path))
        : [join(dirname(file), wanted)].find((path) => existsSync(path));
    if (beside !== undefined) return findRule(beside, [], this.#options).rule;
    if (wanted === undefined)
      throw new CommandFailure('UnknownRule', '', `There is no ${base}.yml beside it, and it names no rule.`);
    return findRule(wanted, [...new Set(this.#rules.map((rule) => rule.file))], this.#options).rule;
  }
}
