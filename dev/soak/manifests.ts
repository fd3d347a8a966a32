/** Namespaces over which the CronJobs are spread. */
export const NAMESPACES: readonly string[] = Array.from({ length: 5 }, (_, n) => `soak-${n + 1}`);
/** Where many CronJobs are applied at once. */
export const APPS = 'soak-apps';
export const ALICE = 'alice';
/** Applies the CronJobs, as a GitOps controller does. */
export const GITOPS = `system:serviceaccount:${APPS}:gitops`;
/** May do nothing. */
export const INTRUDER = `system:serviceaccount:${APPS}:intruder`;

export function setUp(): string {
  const namespaces = [...NAMESPACES, APPS].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const accounts = ['gitops', 'intruder'].map((name) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: APPS },
  }));
  const bindings = [...NAMESPACES, APPS].map((namespace) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'soak', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: [
      { kind: 'ServiceAccount', name: 'gitops', namespace: APPS },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: ALICE },
    ],
  }));
  return list([...namespaces, ...accounts, ...bindings]);
}

/** CronJobs that run every minute, over the namespaces in turn. */
export function busyCronJobs(count: number): string {
  const all = Array.from({ length: count }, (_, n) => {
    const namespace = NAMESPACES[n % NAMESPACES.length] ?? '';
    return cronJob(`every-minute-${n}`, namespace, false);
  });
  return list(all);
}

/** CronJobs that never run. */
export function idleCronJobs(count: number): string {
  return list(Array.from({ length: count }, (_, n) => cronJob(`app-${n}`, APPS, true)));
}

/** Its Jobs fail after a while, as no node runs them; so they are created, updated and cleaned up all the time. */
function cronJob(name: string, namespace: string, suspend: boolean): object {
  const containers = [{ name: 'main', image: 'none.invalid/none' }];
  const template = { spec: { restartPolicy: 'Never', containers } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace },
    spec: {
      schedule: '* * * * *',
      suspend,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { activeDeadlineSeconds: 20, backoffLimit: 0, template } },
    },
  };
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
