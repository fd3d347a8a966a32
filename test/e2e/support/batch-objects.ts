/** A CronJob that never runs by itself. */
export function cronJob(name: string, changes: object = {}): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: 'default', ...changes },
    spec: { schedule: '0 0 29 2 *', suspend: true, jobTemplate: { spec: { template: POD } } },
  };
}

/** A Job that makes no Pod while it is suspended. */
export function job(name: string, changes: object = {}, suspend = true): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'default', ...changes },
    spec: { suspend, template: POD },
  };
}

const POD = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none.invalid/none' }] } };

export const CRONJOBS_PATH = '/apis/batch/v1/namespaces/default/cronjobs';
