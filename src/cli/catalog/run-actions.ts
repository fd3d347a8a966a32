import { listActions } from '../../catalog/index.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { printPage } from '../pages/print-page.ts';
import type { ListingOptions } from './listing-options.ts';
import { actionsPage } from './listings/actions-page.ts';
import { titlesOf } from './listings/titles.ts';
import { loadCatalog, reportGaps } from './load-catalog.ts';

/** Prints the watched operations. Throws a CommandFailure. */
export async function runActions(options: ListingOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const actions = listActions(loaded.catalog);
  printPage(actionsPage(actions, titlesOf(loaded.catalog)), actions, options.format, out);
  return EXIT.clean;
}
