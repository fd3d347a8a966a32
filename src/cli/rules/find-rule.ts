import { existsSync } from 'node:fs';
import type { CompileOptions } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { loadRules } from './load-rules.ts';
import type { LoadedRule, LoadedRules } from './loaded.ts';
import { similarTitles } from './similar-titles.ts';

/** A rule that was asked for, among everything that was loaded. */
export interface FoundRule {
  readonly rule: LoadedRule;
  readonly loaded: LoadedRules;
}

/**
 * The rule that `wanted` stands for: a file that holds one, or the id, the title, the `name` or the DetectionRule's name of one under `paths`. Throws a
 * CommandFailure.
 */
export function findRule(wanted: string, paths: readonly string[], options: CompileOptions = {}): FoundRule {
  const isFile = existsSync(wanted);
  const loaded = loadRules(isFile ? [wanted, ...paths] : paths, options);
  const rules = [...loaded.rules, ...loaded.correlations.flatMap(({ parts }) => parts)];
  const found = rules.filter((rule) => (isFile ? rule.file === wanted : goesBy(rule, wanted)));
  const [rule, second] = found;
  if (second !== undefined) {
    const places = found.slice(0, 5).map(({ file, line, name }) => `${file}:${line} (${name})`);
    throw new CommandFailure('AmbiguousRule', wanted, `${found.length} rules: ${places.join(', ')}.`);
  }
  if (rule !== undefined) return { rule, loaded };
  const problem = loaded.problems.find(({ file }) => isFile && file === wanted);
  if (problem !== undefined) {
    const { line, column, code, message } = problem;
    throw new CommandFailure('BrokenRule', `${wanted}:${line}:${column}`, `${code}: ${message}`);
  }
  throw new CommandFailure(
    'UnknownRule',
    wanted,
    similarTitles(
      wanted,
      loaded.rules.map(({ compiled }) => compiled.document.title),
    ),
  );
}

function goesBy({ name, compiled: { document } }: LoadedRule, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  return [name, document.name, document.id, document.title].some((one) => one?.toLowerCase() === lower);
}
