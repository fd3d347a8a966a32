import { listRules } from '../../catalog/index.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import type { PageFormat } from '../pages/page-format.ts';
import { printPage } from '../pages/print-page.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import { attackName } from './listings/attack-name.ts';
import { rulesPage } from './listings/rules-page.ts';
import { type ListFilters, type ListOrder, selectListings } from './listings/select-listings.ts';
import { loadCatalog, reportGaps } from './load-catalog.ts';

export interface ListOptions extends RuleSelection, ListFilters {
  readonly sort: ListOrder;
  readonly format: PageFormat;
}

/** Prints a list of rules. Throws a CommandFailure. */
export async function runList(options: ListOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const filters = { ...options, tactic: options.tactic.map(attackName) };
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const rules = selectListings(listRules(loaded.catalog), filters, options.sort);
  printPage(rulesPage(rules, loaded.catalog.size), rules, options.format, out);
  return EXIT.clean;
}
