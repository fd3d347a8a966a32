import { lastManaged } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import type { KubeObject } from '../../kube/index.ts';

type AlertStatus = NonNullable<Alert['status']>;

/** What every replica remembers of every Alert. */
export interface SlimAlert extends KubeObject {
  readonly finding: Pick<Alert['finding'], 'actor' | 'overflow'> & { readonly rule: { readonly name: string } };
  readonly triage?: Pick<NonNullable<Alert['triage']>, 'state'>;
  readonly status?: Pick<AlertStatus, 'lastSeen' | 'state' | 'observedGeneration'>;
  /** When the operator last wrote the status, by the API server's clock: managedFields, which nobody can set freely. */
  readonly lastWrite?: string | undefined;
}

/** Of an Alert as the API server sends it. */
export function slimAlert({ apiVersion, kind, metadata, finding, triage, status }: SlimAlert): SlimAlert {
  const { name, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    finding: {
      rule: { name: finding.rule.name },
      actor: finding.actor,
      ...(finding.overflow === true && { overflow: true }),
    },
    ...(triage !== undefined && { triage: { state: triage.state } }),
    ...(status !== undefined && { status: slimStatus(status) }),
    lastWrite: lastManaged(metadata.managedFields, ({ subresource }) => subresource === 'status'),
  };
}

function slimStatus({ lastSeen, state, observedGeneration }: AlertStatus): NonNullable<SlimAlert['status']> {
  return {
    ...(lastSeen !== undefined && { lastSeen }),
    ...(state !== undefined && { state }),
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
}
