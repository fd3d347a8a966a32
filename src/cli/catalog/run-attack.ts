import { catalogMatrix } from '../../catalog/index.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { printPage } from '../pages/print-page.ts';
import type { ListingOptions } from './listing-options.ts';
import { attackPage } from './listings/attack-page.ts';
import { titlesOf } from './listings/titles.ts';
import { loadCatalog, reportGaps } from './load-catalog.ts';

export interface AttackOptions extends ListingOptions {
  readonly gaps: boolean;
}

/** Prints the ATT&CK matrix. Throws a CommandFailure. */
export async function runAttack(options: AttackOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const matrix = catalogMatrix(loaded.catalog);
  printPage(attackPage(matrix, titlesOf(loaded.catalog), options.gaps), matrix, options.format, out);
  return EXIT.clean;
}
