import type { Alert } from '../api/alert.generated.ts';
import type { AlertStatus } from './alert-status.ts';
import { lastManaged } from './managed-fields.ts';

/** What people's triage and later matches amount to. */
export type AlertState = NonNullable<AlertStatus['state']>;

/** Whether the triage of an Alert has changed since its status was written. */
export function isTriageNews({ metadata, status }: Pick<Alert, 'metadata' | 'status'>): boolean {
  return metadata.generation !== status?.observedGeneration;
}

/**
 * The status of an Alert with its state: what `triage` says, and Reopened where it was resolved and a later request matched.
 *
 * When the triage changed is the API server's word, in whole seconds; where it is seen at once, our clock knows it better.
 *
 * @param now milliseconds since the epoch
 */
export function triagedStatus(
  alert: Pick<Alert, 'metadata' | 'triage'>,
  status: AlertStatus,
  now: number,
): AlertStatus {
  const { triagedAt: before, ...rest } = status;
  const triagedAt = isTriageNews({ metadata: alert.metadata, status }) ? timeOfTriage(alert, now) : before;
  const { generation } = alert.metadata;
  return {
    ...rest,
    state: stateOf(alert.triage?.state, triagedAt, status.lastSeen),
    ...(triagedAt !== undefined && { triagedAt }),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}

function stateOf(
  triaged: NonNullable<Alert['triage']>['state'] | undefined,
  triagedAt: string | undefined,
  lastSeen: string | undefined,
): AlertState {
  if (triaged !== 'Resolved') return triaged ?? 'Open';
  const again = triagedAt !== undefined && lastSeen !== undefined && Date.parse(lastSeen) > Date.parse(triagedAt);
  return again ? 'Reopened' : 'Resolved';
}

function timeOfTriage({ metadata, triage }: Pick<Alert, 'metadata' | 'triage'>, now: number): string | undefined {
  if (triage === undefined) return undefined;
  const written = Date.parse(
    lastManaged(metadata.managedFields, ({ fieldsV1 }) => fieldsV1?.['f:triage'] !== undefined) ?? '',
  );
  const time = Number.isNaN(written) ? now : Math.min(Math.max(now, written), written + 1000);
  return new Date(time).toISOString();
}
