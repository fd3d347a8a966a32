import { displayText } from '../../alerts/index.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { countOf } from '../output/quantities.ts';
import type { Terminal } from '../output/terminal.ts';
import { knownPolicy } from '../policy/known-policy.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import { loadCatalog, reportGaps } from './load-catalog.ts';
import { OutputFolder } from './output-folder.ts';
import { siteFiles } from './site/site.ts';

export interface BuildOptions extends RuleSelection {
  readonly out: string;
  readonly policy?: string | undefined;
  readonly title: string;
}

/** Writes the catalog as a web site. Throws a CommandFailure. */
export async function runBuild(options: BuildOptions, { err }: Terminal): Promise<ExitStatus> {
  const policy = await knownPolicy(options, err);
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const folder = OutputFolder.open(options.out);
  for (const { path, text } of siteFiles(loaded.catalog, { title: options.title, policy })) folder.write(path, text);
  const { files, written, removed } = folder.finish();
  err.write(
    `${files} files for ${countOf(loaded.catalog.size, 'rule')} in ${displayText(options.out, 500)}: ${written} written, ${files - written} as they were, ${removed} removed.\n`,
  );
  return EXIT.clean;
}
