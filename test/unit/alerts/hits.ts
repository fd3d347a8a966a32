import type { AlertStatus, Counted, Hit } from '../../../src/alerts/index.ts';
import { counted } from '../../../src/alerts/index.ts';

/** A hit of alice patching a CronJob, but for what is given. */
export function hit(offset: number, changes: Partial<Hit> = {}): Hit {
  return {
    position: { generation: 1, offset },
    time: `2026-11-24T05:${String(offset % 60).padStart(2, '0')}:00.000000Z`,
    ruleHash: 'aa',
    auditID: `id-${offset}`,
    actor: 'alice',
    impersonated: undefined,
    verb: 'patch',
    operation: 'change',
    requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly',
    touched: touched('nightly'),
    sourceIP: '10.0.0.7',
    userAgent: 'kubectl/v1.37.2',
    code: 200,
    outcome: 'Allowed',
    pod: undefined,
    undetermined: false,
    dryRun: false,
    ...changes,
  };
}

/** A CronJob in the namespace `shop`. */
export function touched(name: string): NonNullable<Hit['touched']> {
  return {
    apiGroup: 'batch',
    apiVersion: 'v1',
    resource: 'cronjobs',
    subresource: '',
    namespace: 'shop',
    name,
    uid: undefined,
  };
}

/** `counted` for hits of one actor. */
export function count(status: AlertStatus | undefined, partition: string, hits: readonly Hit[]): Counted {
  return counted(status, { partition, hits, evidence: ['verb is "patch"; found "patch"'], anyActor: false });
}
