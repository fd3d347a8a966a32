import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { terminalTable } from '../pages/terminal-table.ts';
import { alertTable } from './alert-table.ts';
import { allAlerts, type ClusterChoice, withAlerts } from './connection.ts';
import { type AlertFilters, matchesFilters } from './filters.ts';
import { objectsText } from './print-objects.ts';
import { type Order, sortAlerts } from './sort-alerts.ts';

export interface ListOptions extends ClusterChoice, AlertFilters {
  readonly sortBy: Order;
  readonly reverse: boolean;
  readonly output?: 'wide' | 'json' | 'yaml' | 'name' | undefined;
}

/** Prints Alerts. Throws a CommandFailure. */
export async function runList(options: ListOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const now = Date.now();
  const all = await withAlerts(options, allAlerts);
  const chosen = all.filter((alert) => matchesFilters(alert, options, now));
  const alerts = sortAlerts(chosen, options.sortBy, options.reverse);
  const { output } = options;
  if (output === 'json' || output === 'yaml') out.write(objectsText(alerts, output, false));
  else if (output === 'name') out.write(alerts.map(({ metadata }) => `${metadata.name}\n`).join(''));
  else if (alerts.length > 0) {
    const table = alertTable(alerts, output ?? 'short', now);
    out.write(`${terminalTable(table, out.style, Number.POSITIVE_INFINITY).join('\n')}\n`);
  }
  if (alerts.length < all.length && output === undefined) {
    err.write(
      `${alerts.length} of ${all.length} Alerts${options.all ? '' : '; --all shows those that are dealt with, too'}.\n`,
    );
  } else if (all.length === 0) err.write('There are no Alerts.\n');
  return EXIT.clean;
}
