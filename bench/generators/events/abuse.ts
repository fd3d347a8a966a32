import { APPNS, NS } from './names.ts';
import { PSA, type Row, type Scene } from './scene.ts';
import { ANON } from './users.ts';

/** What rules look for: pods with the rights of the node, discovery, forbidden requests, impersonation. */
export function abuse({ texts, cluster, users, bodies, request }: Scene): readonly Row[] {
  const { uuid, sfx, int, chance, pick } = texts;
  const { NODES, DEPLOYS, CRONJOBS } = cluster;
  const { kcm, PODSA, human } = users;
  const { mf, container, podBody } = bodies;
  return [
    [
      3,
      () => {
        const a = chance(0.5) ? human() : kcm('daemon-set-controller');
        const ns = chance(0.5) ? 'kube-system' : pick(APPNS);
        const name = pick(['kube-proxy-', 'debugger-', 'node-agent-', 'xmrig-']) + sfx(5);
        const b = podBody(ns, name, name.slice(0, -6), {
          bare: chance(0.5),
          hostPath: chance(0.7) ? pick(['/', '/var/run/docker.sock', '/etc/kubernetes', '/var/log']) : undefined,
          privileged: chance(0.6),
          hostNetwork: chance(0.4),
          command: chance(0.4) ? ['nsenter', '--target', '1', '--mount', '--', 'bash'] : undefined,
        });
        request({
          a,
          verb: 'create',
          ref: { resource: 'pods', namespace: ns, ...('name' in b.metadata && { name }) },
          level: chance(0.7) ? 'RequestResponse' : 'Request',
          req: b,
          res: { ...b, metadata: { ...b.metadata, name, uid: uuid(), managedFields: mf('kubectl-create', 'Update') } },
          ann: PSA(ns),
        });
      },
    ],
    [
      2,
      () => {
        const a = human();
        const c = pick(CRONJOBS);
        request({
          a,
          verb: pick(['create', 'patch', 'update', 'delete']),
          ref: { resource: chance(0.5) ? 'cronjobs' : 'jobs', namespace: c.ns, name: c.name, apiGroup: 'batch' },
        });
      },
    ],
    [
      2,
      () => {
        const a = chance(0.5) ? human() : pick(PODSA);
        request({
          a,
          verb: 'create',
          ref: {
            resource: chance(0.5) ? 'selfsubjectrulesreviews' : 'selfsubjectaccessreviews',
            apiGroup: 'authorization.k8s.io',
          },
        });
      },
    ],
    [
      3,
      () => {
        request({
          a: {
            ...ANON,
            ip: `185.220.101.${int(250)}`,
            ua: pick([
              'curl/8.5.0',
              'python-requests/2.32.3',
              'Mozilla/5.0 zgrab/0.x',
              'kubectl/v1.29.3 (linux/amd64) kubernetes/6813625',
              'Go-http-client/1.1',
            ]),
          },
          verb: chance(0.6) ? 'list' : 'get',
          ref: { resource: pick(['pods', 'secrets', 'nodes', 'namespaces']) },
          code: chance(0.5) ? 403 : 401,
        });
      },
    ],
    [
      1,
      () => {
        const a = human();
        request({
          a,
          verb: pick(['get', 'list']),
          ref: { resource: pick(['pods', 'secrets', 'configmaps']), namespace: pick(NS) },
          imp: {
            username: pick(['system:admin', 'oidc:alice@example.com', 'system:serviceaccount:kube-system:default']),
            groups: ['system:masters', 'system:authenticated'],
          },
        });
      },
    ],
    [
      1,
      () => {
        const a = human();
        const d = pick(DEPLOYS);
        const b = [
          {
            op: 'add',
            path: '/spec/template/spec/containers/-',
            value: container('miner', 'evil/xmrig', { privileged: true }),
          },
        ];
        request({
          a,
          verb: 'patch',
          ref: { resource: 'deployments', namespace: d.ns, name: d.app, apiGroup: 'apps' },
          level: 'Request',
          req: b,
        });
      },
    ],
    [
      1,
      () => {
        const a = pick(PODSA);
        request({
          a: { ...a, ua: pick(['trufflehog/3.84', 'access_matrix/v0.5', 'kubescape/3.0', 'peirates']) },
          verb: 'list',
          ref: { resource: pick(['secrets', 'configmaps', 'pods', 'clusterroles']) },
          code: 403,
        });
      },
    ],
    [
      1,
      () => {
        const n = pick(NODES);
        request({
          a: human(),
          verb: 'get',
          ref: { resource: 'nodes', name: n.name, subresource: 'proxy' },
          q: '/run/kube-system/kube-proxy/kube-proxy?cmd=id',
          code: chance(0.5) ? 403 : 200,
        });
      },
    ],
  ];
}
