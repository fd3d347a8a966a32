import { APPS, CONFIGMAPS, NS, SECRETS } from './names.ts';
import type { Row, Scene } from './scene.ts';

/** Gets, lists and watches of what runs in the cluster. */
export function reads({ texts, clock, cluster, users, actor, request }: Scene): readonly Row[] {
  const { int, chance, pick } = texts;
  const { nextRv } = clock;
  const { NODES, ALLD, PODS } = cluster;
  const { kub } = users;
  return [
    [
      11,
      () => {
        const a = actor();
        const k = int(6);
        const ns = pick(NS);
        const ref =
          k === 0
            ? { resource: 'configmaps', namespace: ns, name: pick(CONFIGMAPS) }
            : k === 1
              ? { resource: 'secrets', namespace: ns, name: pick(SECRETS) }
              : k === 2
                ? (() => {
                    const p = pick(PODS);
                    return { resource: 'pods', namespace: p.ns, name: p.name };
                  })()
                : k === 3
                  ? { resource: 'services', namespace: ns, name: `${pick(APPS)}-svc` }
                  : k === 4
                    ? { resource: 'nodes', name: pick(NODES).name }
                    : (() => {
                        const d = pick(ALLD);
                        return {
                          resource: 'deployments',
                          namespace: d.ns,
                          name: d.app,
                          apiGroup: 'apps',
                          apiVersion: 'v1',
                        };
                      })();
        request({ a, verb: 'get', ref, code: chance(0.04) ? 404 : chance(0.006) ? 403 : 200 });
      },
    ],
    [
      5,
      () => {
        const a = actor();
        const [res, g, v] = pick(WATCHR);
        request({
          a,
          verb: 'list',
          ref: { resource: res, apiGroup: g, apiVersion: v, ...(chance(0.4) ? { namespace: pick(NS) } : {}) },
          q: `?limit=500&resourceVersion=${chance(0.5) ? 0 : nextRv()}`,
          code: chance(0.006) ? 403 : 200,
        });
      },
    ],
    [
      7,
      () => {
        const a = chance(0.4) ? kub(pick(NODES)) : actor();
        const [res, g, v] = pick(WATCHR);
        request({
          watch: true,
          collection: true,
          a,
          verb: 'watch',
          ref: {
            resource: res,
            apiGroup: g,
            apiVersion: v,
            ...(chance(0.5)
              ? {
                  namespace: pick(NS),
                  ...(res === 'configmaps' || res === 'secrets'
                    ? { name: pick(res === 'secrets' ? SECRETS : CONFIGMAPS) }
                    : {}),
                }
              : {}),
          },
          q: `?allowWatchBookmarks=true&fieldSelector=${encodeURIComponent('metadata.name=' + pick(CONFIGMAPS))}&resourceVersion=${nextRv()}&timeout=${5 + int(5)}m${int(60)}s&timeoutSeconds=${300 + int(300)}&watch=true`,
        });
      },
    ],
  ];
}

/** What controllers list and watch. */
const WATCHR: readonly (readonly [resource: string, apiGroup: string, apiVersion: string])[] = [
  ['pods', '', 'v1'],
  ['configmaps', '', 'v1'],
  ['secrets', '', 'v1'],
  ['services', '', 'v1'],
  ['endpointslices', 'discovery.k8s.io', 'v1'],
  ['nodes', '', 'v1'],
  ['deployments', 'apps', 'v1'],
  ['replicasets', 'apps', 'v1'],
  ['jobs', 'batch', 'v1'],
  ['ingresses', 'networking.k8s.io', 'v1'],
  ['customresourcedefinitions', 'apiextensions.k8s.io', 'v1'],
  ['certificates', 'cert-manager.io', 'v1'],
  ['virtualservices', 'networking.istio.io', 'v1'],
  ['constraints', 'constraints.gatekeeper.sh', 'v1beta1'],
  ['namespaces', '', 'v1'],
  ['serviceaccounts', '', 'v1'],
  ['persistentvolumeclaims', '', 'v1'],
  ['csidrivers', 'storage.k8s.io', 'v1'],
  ['validatingwebhookconfigurations', 'admissionregistration.k8s.io', 'v1'],
];
