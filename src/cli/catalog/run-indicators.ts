import { listIndicators } from '../../catalog/index.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { printPage } from '../pages/print-page.ts';
import type { ListingOptions } from './listing-options.ts';
import { indicatorsPage } from './listings/indicators-page.ts';
import { titlesOf } from './listings/titles.ts';
import { loadCatalog, reportGaps } from './load-catalog.ts';

export interface IndicatorsOptions extends ListingOptions {
  readonly field?: string | undefined;
  readonly atLeast: number;
}

/** Prints what rules look for. Throws a CommandFailure. */
export async function runIndicators(options: IndicatorsOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const found = listIndicators(loaded.catalog, options.field).filter(({ rules }) => rules.length >= options.atLeast);
  printPage(indicatorsPage(found, titlesOf(loaded.catalog), options.field), found, options.format, out);
  return EXIT.clean;
}
