import { existsSync, readFileSync } from 'node:fs';
import { readManifests } from '../rules/manifest.ts';
import { findRuleFiles } from '../rules/rule-files.ts';

/** A DetectionRule that the output folder has already. */
export interface ExistingRule {
  readonly file: string;
  readonly name: string;
  readonly sigma: string;
  /** The id in its Sigma text, in lower case. */
  readonly id: string | undefined;
}

/** The DetectionRules in a folder and those under it. */
export function existingRules(folder: string): readonly ExistingRule[] {
  if (!existsSync(folder)) return [];
  return findRuleFiles([folder]).flatMap(({ path }) =>
    readManifests(readFileSync(path, 'utf8'))
      .manifests.filter(({ kind }) => kind === 'DetectionRule')
      .map(({ name, sigma }) => ({ file: path, name, sigma: sigma.text, id: idIn(sigma.text) })),
  );
}

/** The first id at the top level, also of a text that does not compile. */
function idIn(sigma: string): string | undefined {
  return /^id\s*:\s*["']?([0-9a-z-]{8,64})/im.exec(sigma)?.[1]?.toLowerCase();
}
