import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { printPage } from '../pages/print-page.ts';
import { alertPage } from './alert-page.ts';
import { type ClusterChoice, withAlerts } from './connection.ts';
import { findAlerts } from './find-alerts.ts';
import { objectsText } from './print-objects.ts';

export interface ShowOptions extends ClusterChoice {
  readonly names: readonly string[];
  readonly output: 'pretty' | 'markdown' | 'json' | 'yaml';
}

/** Prints Alerts as reports. Throws a CommandFailure. */
export async function runShow({ names, output, ...cluster }: ShowOptions, { out }: Terminal): Promise<ExitStatus> {
  const alerts = await withAlerts(cluster, async (connection) => await findAlerts(connection, names));
  if (output === 'json' || output === 'yaml') {
    out.write(objectsText(alerts, output, true));
    return EXIT.clean;
  }
  for (const [index, alert] of alerts.entries()) {
    if (index > 0) out.write('\n');
    printPage(alertPage(alert, Date.now()), alert, output, out);
  }
  return EXIT.clean;
}
