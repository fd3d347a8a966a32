import type { Alert } from '../../api/alert.generated.ts';
import type { KubeObject } from '../../kube/index.ts';

/** What every replica remembers of every Alert. */
export interface SlimAlert extends KubeObject {
  readonly finding: Pick<Alert['finding'], 'actor' | 'overflow'> & { readonly rule: { readonly name: string } };
  readonly status?: Pick<NonNullable<Alert['status']>, 'lastSeen'>;
  /** When the operator last wrote the status, by the API server's clock: managedFields, which nobody can set freely. */
  readonly lastWrite?: string | undefined;
}

interface ManagedFields {
  readonly time?: string;
  readonly subresource?: string;
}

/** Of an Alert as the API server sends it. */
export function slimAlert({ apiVersion, kind, metadata, finding, status }: SlimAlert): SlimAlert {
  const { name, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    finding: {
      rule: { name: finding.rule.name },
      actor: finding.actor,
      ...(finding.overflow === true && { overflow: true }),
    },
    ...(status?.lastSeen !== undefined && { status: { lastSeen: status.lastSeen } }),
    lastWrite: lastTime(metadata.managedFields ?? [], ({ subresource }) => subresource === 'status'),
  };
}

function lastTime(entries: readonly unknown[], select: (entry: ManagedFields) => boolean): string | undefined {
  return entries
    .filter(isManagedFields)
    .filter(select)
    .flatMap(({ time }) => time ?? [])
    .sort()
    .at(-1);
}

function isManagedFields(entry: unknown): entry is ManagedFields {
  return typeof entry === 'object' && entry !== null;
}
