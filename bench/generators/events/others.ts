import { APPNS, CONFIGMAPS, SECRETS } from './names.ts';
import type { Row, Scene } from './scene.ts';
import { ANON } from './users.ts';

/** Probes, people, and the API server itself. */
export function others({ texts, clock, cluster, users, request }: Scene): readonly Row[] {
  const { uuid, int, chance, pick } = texts;
  const { nextRv } = clock;
  const { PODS } = cluster;
  const { CTRLS, APIS, human } = users;
  return [
    [
      2.2,
      () => {
        const p = pick([
          '/readyz',
          '/livez',
          '/healthz',
          '/version?timeout=32s',
          '/openapi/v2',
          '/apis?timeout=32s',
          '/api?timeout=32s',
          '/metrics',
          '/apis/metrics.k8s.io/v1beta1',
        ]);
        const anon = /z$|version/.test(p) && chance(0.7);
        request({
          a: anon
            ? {
                ...ANON,
                ip: pick(['10.0.0.5', '10.0.0.6']),
                ua: pick(['kube-probe/1.31', 'ELB-HealthChecker/2.0', 'curl/8.5.0']),
              }
            : chance(0.5)
              ? pick(CTRLS)
              : APIS,
          verb: 'get',
          nonres: p,
        });
      },
    ],
    [
      1.5,
      () => {
        const a = human();
        const k = int(5);
        const ns = pick(APPNS);
        request({
          a,
          verb: pick(['get', 'list', 'list', 'watch'].slice(0, 3)),
          ref:
            k === 0
              ? { resource: 'pods', namespace: ns }
              : k === 1
                ? { resource: 'deployments', namespace: ns, apiGroup: 'apps' }
                : k === 2
                  ? { resource: 'events', namespace: ns }
                  : k === 3
                    ? { resource: 'nodes' }
                    : { resource: 'services', namespace: ns },
          q: '?limit=500',
        });
      },
    ],
    [
      0.5,
      () => {
        const a = human();
        const p = pick(PODS);
        request({
          a,
          verb: 'get',
          ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: 'log' },
          q: '?container=app&follow=true&tailLines=100',
        });
      },
    ],
    [
      0.6,
      () => {
        const a = pick(CTRLS);
        const ns = a.ns;
        request({
          a,
          verb: chance(0.7) ? 'update' : 'patch',
          ref: {
            resource: chance(0.5) ? 'configmaps' : 'secrets',
            namespace: ns,
            name: pick([...SECRETS, ...CONFIGMAPS]),
            uid: uuid(),
            resourceVersion: nextRv(),
          },
        });
      },
    ],
    [
      0.4,
      () =>
        request({
          a: APIS,
          verb: chance(0.7) ? 'get' : 'list',
          ref: { resource: pick(['namespaces', 'priorityclasses', 'flowschemas', 'apiservices']), apiGroup: '' },
        }),
    ],
  ];
}
