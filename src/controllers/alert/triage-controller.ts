import { isDeepStrictEqual } from 'node:util';
import { isTriageNews, triagedStatus } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import { type Clock, isNotFound, type Reconcile, type Resource } from '../../kube/index.ts';
import type { SlimAlert } from './slim-alert.ts';

export interface TriageOptions {
  readonly alerts: Pick<Resource<Alert>, 'get' | 'replaceStatus'>;
  /** Resolves when the next write may be made. */
  readonly mayWrite: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
}

/** Whether somebody has written into an Alert what its status does not reflect. One that has just been raised has no status yet. */
export function awaitsTriage({ metadata, triage, status }: SlimAlert): boolean {
  if (triage === undefined && status?.observedGeneration === undefined) return false;
  return metadata.generation !== status?.observedGeneration;
}

/** Brings the state of an Alert up to its triage; the leader's work. Replicas that count in it do the same with their counts. */
export function reconcileTriage({ alerts, mayWrite, clock }: TriageOptions): Reconcile {
  return async (name, signal) => {
    const alert = await find(alerts, name, signal);
    if (alert === undefined || !isTriageNews(alert)) return;
    const status = triagedStatus(alert, alert.status ?? {}, clock.now());
    if (isDeepStrictEqual(status, alert.status)) return;
    await mayWrite(signal);
    await alerts.replaceStatus({ ...alert, status }, { signal });
  };
}

async function find(alerts: TriageOptions['alerts'], name: string, signal: AbortSignal): Promise<Alert | undefined> {
  try {
    return await alerts.get({ name }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
