import type { Alert } from '../../api/alert.generated.ts';
import { CommandFailure } from '../failure.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { type AlertsConnection, allAlerts, type ClusterChoice, withAlerts } from './connection.ts';
import { type AlertFilters, isSelective, matchesFilters, type State, stateOf } from './filters.ts';
import { findAlerts } from './find-alerts.ts';

type Triage = NonNullable<Alert['triage']>;

export interface TriageOptions extends ClusterChoice, AlertFilters {
  readonly state: readonly State[];
  readonly names: readonly string[];
  readonly to: Triage['state'];
  readonly comment?: string | undefined;
  readonly assignee?: string | undefined;
  /** Without names: go on with all that the filters select. */
  readonly yes: boolean;
}

/** Writes what people make of Alerts, in the name of whoever asks. Throws a CommandFailure. */
export async function runTriage(options: TriageOptions, { out }: Terminal): Promise<ExitStatus> {
  return await withAlerts(options, async (connection) => {
    const alerts = await chosen(options, connection);
    if (options.names.length === 0 && !options.yes) {
      for (const { metadata, finding } of alerts) out.write(`${metadata.name}  ${finding.summary}\n`);
      out.write(`These ${alerts.length} Alerts would become ${options.to}. Say --yes to do so.\n`);
      return EXIT.clean;
    }
    const by = await connection.whoAmI();
    for (const alert of alerts) {
      await write(connection, alert, options, by);
      out.write(`alert/${alert.metadata.name} ${DONE[options.to]}\n`);
    }
    return EXIT.clean;
  });
}

const DONE: Readonly<Record<Triage['state'], string>> = {
  Open: 'opened',
  Acknowledged: 'acknowledged',
  Resolved: 'resolved',
  FalsePositive: 'marked as a false positive',
};

async function chosen(options: TriageOptions, connection: AlertsConnection): Promise<readonly Alert[]> {
  if (options.names.length > 0) return await findAlerts(connection, options.names);
  if (!isSelective(options)) throw new CommandFailure('NoAlertsChosen', '');
  const now = Date.now();
  return (await allAlerts(connection)).filter((alert) => matchesFilters(alert, options, now));
}

/** A comment belongs to what was said with it, and does not stay when somebody says something else; an assignee does. */
async function write({ alerts }: AlertsConnection, alert: Alert, options: TriageOptions, by: string): Promise<void> {
  const { to, comment, assignee } = options;
  const { name } = alert.metadata;
  const triage = { state: to, by, comment: comment ?? null, ...(assignee !== undefined && { assignee }) };
  // The API server takes no notice of what changes nothing; an Alert that was reopened is resolved anew all the same.
  if (
    stateOf(alert) === 'Reopened' &&
    isSame(alert.triage, { ...triage, assignee: assignee ?? alert.triage?.assignee })
  ) {
    await alerts.patch({ name }, { type: 'merge', document: { triage: { ...triage, state: 'Open' } } });
  }
  await alerts.patch({ name }, { type: 'merge', document: { triage } });
}

interface Wanted extends Pick<Triage, 'state' | 'by'> {
  readonly comment: string | null;
  readonly assignee: string | undefined;
}

function isSame(before: Triage | undefined, { state, by, comment, assignee }: Wanted): boolean {
  return (
    before?.state === state && before.by === by && (before.comment ?? null) === comment && before.assignee === assignee
  );
}
