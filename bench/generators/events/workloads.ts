import type { Row, Scene } from './scene.ts';

/** Pods, jobs and deployments that come and go. */
export function workloads({ texts, clock, cluster, users, bodies, request }: Scene): readonly Row[] {
  const { uuid, int, chance, pick, rnd } = texts;
  const { nextRv } = clock;
  const { DEPLOYS, PODS, CRONJOBS } = cluster;
  const { kub, controller, kcm } = users;
  const { mf, podBody } = bodies;
  return [
    [
      1.2,
      () => {
        const p = pick(PODS);
        request({ a: kub(p.node), verb: 'delete', ref: { resource: 'pods', namespace: p.ns, name: p.name } });
      },
    ],
    [
      1.2,
      () => {
        const c = pick(CRONJOBS);
        const jn = `${c.name}-${29300000 + int(99999)}`;
        const k = int(4);
        if (k === 0)
          request({
            a: kcm('cronjob-controller'),
            verb: 'create',
            ref: { resource: 'jobs', namespace: c.ns, name: jn, apiGroup: 'batch' },
            level: 'Metadata',
          });
        else if (k === 1)
          request({
            a: kcm('job-controller'),
            verb: 'update',
            ref: {
              resource: 'jobs',
              namespace: c.ns,
              name: jn,
              uid: uuid(),
              apiGroup: 'batch',
              resourceVersion: nextRv(),
              subresource: 'status',
            },
          });
        else if (k === 2)
          request({
            a: kcm('cronjob-controller'),
            verb: 'update',
            ref: {
              resource: 'cronjobs',
              namespace: c.ns,
              name: c.name,
              uid: c.uid,
              apiGroup: 'batch',
              resourceVersion: nextRv(),
              subresource: 'status',
            },
          });
        else
          request({
            a: kcm('ttl-after-finished-controller'),
            verb: 'delete',
            ref: { resource: 'jobs', namespace: c.ns, name: jn, apiGroup: 'batch' },
          });
      },
    ],
    [
      1.2,
      () => {
        const d = pick(DEPLOYS);
        const k = rnd();
        const c = controller(
          chance(0.5) ? 'argocd-application-controller' : pick(['kustomize-controller', 'helm-controller']),
        );
        if (k < 0.4)
          request({
            a: kcm('deployment-controller'),
            verb: 'update',
            ref: {
              resource: 'replicasets',
              namespace: d.ns,
              name: `${d.app}-${d.rs}`,
              uid: d.rsuid,
              apiGroup: 'apps',
              resourceVersion: nextRv(),
            },
          });
        else if (k < 0.6)
          request({
            a: kcm('horizontal-pod-autoscaler'),
            verb: 'update',
            ref: { resource: 'deployments', namespace: d.ns, name: d.app, apiGroup: 'apps', subresource: 'scale' },
          });
        else {
          const b = {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: {
              name: d.app,
              namespace: d.ns,
              annotations: { 'deployment.kubernetes.io/revision': String(int(90)) },
            },
            spec: {
              replicas: 3,
              selector: { matchLabels: { app: d.app } },
              template: podBody(d.ns, d.app + '-xxxxx', d.app),
            },
          };
          request({
            a: c,
            verb: 'patch',
            ref: { resource: 'deployments', namespace: d.ns, name: d.app, uid: d.uid, apiGroup: 'apps' },
            level: 'RequestResponse',
            req: b,
            res: {
              ...b,
              metadata: {
                ...b.metadata,
                uid: d.uid,
                resourceVersion: nextRv(),
                managedFields: mf('argocd-controller', 'Apply'),
              },
            },
            q: '?fieldManager=argocd-controller&force=true',
          });
        }
      },
    ],
  ];
}
