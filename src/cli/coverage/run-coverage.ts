import { displayText } from '../../alerts/index.ts';
import { catalogLayer, catalogMatrix } from '../../catalog/index.ts';
import type { ListingOptions } from '../catalog/listing-options.ts';
import { type LoadedCatalog, loadCatalog, reportGaps } from '../catalog/load-catalog.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import type { Terminal } from '../output/terminal.ts';
import { writeOutputFile } from '../output/write-file.ts';
import { printPage } from '../pages/print-page.ts';
import { coveragePage } from './coverage-page.ts';
import { coverageSummary } from './coverage-summary.ts';

export interface CoverageOptions extends ListingOptions {
  readonly navigator?: string | undefined;
  readonly name: string;
}

/** Prints the coverage, and writes a layer where that is asked for. Throws a CommandFailure. */
export async function runCoverage(options: CoverageOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const { navigator } = options;
  if (navigator === '-') {
    out.write(layerText(loaded, options.name));
    return EXIT.clean;
  }
  if (navigator !== undefined) {
    writeOutputFile(navigator, layerText(loaded, options.name));
    err.write(`The layer is in ${displayText(navigator, 500)}.\n`);
  }
  const summary = coverageSummary(catalogMatrix(loaded.catalog));
  printPage(coveragePage(summary), summary, options.format, out);
  return EXIT.clean;
}

function layerText({ catalog }: LoadedCatalog, name: string): string {
  const description = `${catalog.size} Sigma rules, by the tags of their authors.`;
  return `${safeJsonIndented(catalogLayer(catalog, name, description))}\n`;
}
