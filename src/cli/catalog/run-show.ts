import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import type { PageFormat } from '../pages/page-format.ts';
import { printPage } from '../pages/print-page.ts';
import { knownPolicy } from '../policy/known-policy.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import { findInCatalog } from './find-in-catalog.ts';
import { reportGaps } from './load-catalog.ts';
import { rulePage } from './rule-page/rule-page.ts';

export interface ShowOptions extends RuleSelection {
  readonly rule: string;
  readonly policy?: string | undefined;
  readonly format: PageFormat;
}

/** Prints the page of a rule. Throws a CommandFailure. */
export async function runShow(options: ShowOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const policy = await knownPolicy(options, err);
  const { loaded, key } = await findInCatalog(options.rule, options);
  reportGaps(loaded, err);
  const page = loaded.catalog.page(key, policy);
  if (page === undefined) throw new Error(`the catalog lost ${key}`);
  printPage(rulePage(page), page, options.format, out);
  return page.kind === 'broken' ? EXIT.findings : EXIT.clean;
}
