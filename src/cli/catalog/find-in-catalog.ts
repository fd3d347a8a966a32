import { existsSync, realpathSync } from 'node:fs';
import type { RuleCatalog } from '../../catalog/index.ts';
import { CommandFailure } from '../failure.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import { similarTitles } from '../rules/similar-titles.ts';
import { type LoadedCatalog, loadCatalog } from './load-catalog.ts';

/** A rule of a catalog that was asked for. */
export interface FoundInCatalog {
  readonly loaded: LoadedCatalog;
  readonly key: string;
}

/**
 * The rule that `wanted` stands for, in the catalog of the selected rules: an id, a title, the name of a DetectionRule, or a file, which is loaded with them.
 * Throws a CommandFailure.
 */
export async function findInCatalog(wanted: string, selection: RuleSelection): Promise<FoundInCatalog> {
  const isFile = existsSync(wanted);
  const loaded = await loadCatalog(selection, isFile ? [wanted] : []);
  const { catalog } = loaded;
  const keys = isFile ? keysOfFile(catalog, wanted) : catalog.find(wanted);
  const [key, second] = keys;
  if (key === undefined) throw new CommandFailure('UnknownRule', wanted, hint(wanted, catalog));
  if (second !== undefined) {
    const shown = keys.slice(0, 5).join(', ');
    throw new CommandFailure('AmbiguousRule', wanted, `${keys.length} rules: ${shown}.`);
  }
  return { loaded, key };
}

function keysOfFile(catalog: RuleCatalog, path: string): readonly string[] {
  const real = realpathSync(path);
  const found = catalog
    .entries()
    .filter(({ file }) => file !== undefined && existsSync(file) && realpathSync(file) === real);
  // A correlation stands for the rules beside it, too.
  const correlations = found.filter(({ result }) => result.ok && 'correlation' in result);
  return (correlations.length > 0 ? correlations : found).map(({ key }) => key);
}

function hint(wanted: string, catalog: RuleCatalog): string | undefined {
  const titles = catalog
    .entries()
    .flatMap(({ result }) =>
      result.ok ? ['rule' in result ? result.rule.document.title : result.correlation.document.title] : [],
    );
  return similarTitles(wanted, titles);
}
