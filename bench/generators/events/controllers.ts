import { PSA, type Row, type Scene } from './scene.ts';

/** What controllers and kubelets create and update all the time. */
export function controllers({ texts, clock, cluster, users, bodies, request }: Scene): readonly Row[] {
  const { uuid, hex, sfx, b64, chance, pick, rnd } = texts;
  const { nextRv } = clock;
  const { NODES, ALLD, PODS } = cluster;
  const { kub, kcm, SCHED } = users;
  const { seconds, mf, podBody } = bodies;
  return [
    [
      3,
      () => {
        const p = pick(PODS);
        request({
          a: chance(0.7) ? kub(p.node) : kcm('job-controller'),
          verb: chance(0.6) ? 'patch' : 'create',
          ref: {
            resource: 'events',
            namespace: p.ns,
            name: `${p.name}.${hex(16)}`,
            apiGroup: chance(0.3) ? 'events.k8s.io' : '',
          },
        });
      },
    ],
    [
      3,
      () => {
        const n = pick(NODES);
        if (chance(0.5))
          request({
            a: { ...kub(n), ua: 'metrics-server/v0.7.2 (linux/amd64) kubernetes/$Format' },
            verb: 'create',
            ref: { resource: 'subjectaccessreviews', apiGroup: 'authorization.k8s.io' },
          });
        else
          request({ a: kub(n), verb: 'create', ref: { resource: 'tokenreviews', apiGroup: 'authentication.k8s.io' } });
      },
    ],
    [
      3,
      () => {
        const p = pick(PODS);
        request({
          a: kub(p.node),
          verb: 'create',
          ref: { resource: 'serviceaccounts', namespace: p.ns, name: p.d.app, subresource: 'token' },
          ann: { 'authentication.kubernetes.io/issued-credential-id': `JTI=${uuid()}` },
        });
      },
    ],
    [
      2.5,
      () => {
        const d = pick(ALLD);
        request({
          a: kcm(chance(0.8) ? 'endpointslice-controller' : 'endpoint-controller'),
          verb: 'update',
          ref: {
            resource: 'endpointslices',
            namespace: d.ns,
            name: `${d.app}-${sfx(5)}`,
            uid: uuid(),
            apiGroup: 'discovery.k8s.io',
            resourceVersion: nextRv(),
          },
        });
      },
    ],
    [
      1.6,
      () => {
        const d = pick(ALLD);
        const name = `${d.app}-${d.rs}-${sfx(5)}`;
        const k = rnd();
        const lv = k < 0.35 ? 'RequestResponse' : k < 0.6 ? 'Request' : 'Metadata';
        const b = lv === 'Metadata' ? undefined : podBody(d.ns, name, d.app);
        request({
          a: kcm(chance(0.8) ? 'replicaset-controller' : 'job-controller'),
          verb: 'create',
          ref: { resource: 'pods', namespace: d.ns },
          level: lv,
          req: b,
          res:
            lv === 'RequestResponse'
              ? {
                  ...b,
                  metadata: {
                    ...b?.metadata,
                    name,
                    uid: uuid(),
                    resourceVersion: nextRv(),
                    creationTimestamp: seconds(),
                    managedFields: mf('kube-controller-manager', 'Update'),
                  },
                  status: { phase: 'Pending', qosClass: 'Burstable' },
                }
              : undefined,
          ann: { ...PSA(d.ns), ...(chance(0.4) && mutated(b64)) },
        });
      },
    ],
    [
      1.4,
      () => {
        const p = pick(PODS);
        request({
          a: SCHED,
          verb: 'create',
          ref: { resource: 'pods', namespace: p.ns, name: p.name, uid: p.uid, subresource: 'binding' },
        });
      },
    ],
  ];
}

/** What a mutating webhook notes. */
const mutated = (b64: (length: number) => string): Readonly<Record<string, string>> => ({
  'mutation.webhook.admission.k8s.io/round_0_index_0':
    '{"configuration":"istio-sidecar-injector","webhook":"rev.namespace.sidecar-injector.istio.io","mutated":true}',
  'patch.webhook.admission.k8s.io/round_0_index_0': `{"configuration":"istio-sidecar-injector","webhook":"rev.namespace.sidecar-injector.istio.io","patch":[{"op":"add","path":"/metadata/annotations/sidecar.istio.io~1status","value":"${b64(60)}"}],"patchType":"JSONPatch"}`,
  'validation.policy.admission.k8s.io/validation_failure': '[]',
});
