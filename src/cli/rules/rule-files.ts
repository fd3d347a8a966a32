import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { readFailure } from '../logs/read-failure.ts';

/** A file that may hold rules. */
export interface RuleFile {
  readonly path: string;
  /** It was named, not found in a folder: it must hold rules. */
  readonly named: boolean;
}

const RULE_NAME = /\.(?:ya?ml|json)$/i;
const KUSTOMIZATION = /^kustomization(?:\.ya?ml)?$/i;

/**
 * The files at paths; of folders, every YAML and JSON file in them, in the order of their names, without hidden ones and kustomizations. Throws a
 * CommandFailure.
 */
export function findRuleFiles(paths: readonly string[]): readonly RuleFile[] {
  const files = new Map<string, RuleFile>();
  for (const path of paths) {
    if (statOf(path).isDirectory()) for (const file of filesIn(path, new Set())) addOnce(files, file);
    else files.set(realpathSync(path), { path, named: true });
  }
  return [...files.values()];
}

function addOnce(files: Map<string, RuleFile>, path: string): void {
  const real = realpathSync(path);
  if (!files.has(real)) files.set(real === path ? path : real, { path, named: false });
}

/** @param entered real paths of the folders above, so that a link to one of them ends. */
function* filesIn(folder: string, entered: ReadonlySet<string>): Generator<string> {
  const real = realpathSync(folder);
  if (entered.has(real)) return;
  const inside = new Set([...entered, real]);
  for (const name of namesIn(folder)) {
    if (name.startsWith('.') || name === 'node_modules' || KUSTOMIZATION.test(name)) continue;
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) yield* filesIn(path, inside);
    else if (found?.isFile() === true && RULE_NAME.test(name)) yield path;
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw readFailure(error, path);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    throw readFailure(error, folder);
  }
}
