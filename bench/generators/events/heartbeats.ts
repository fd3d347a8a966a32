import { UA } from './names.ts';
import type { Target } from './requests.ts';
import type { Row, Scene } from './scene.ts';
import type { Actor } from './users.ts';

/** Leases, and what kubelets say of their nodes and pods. */
export function heartbeats({ texts, clock, cluster, users, bodies, request }: Scene): readonly Row[] {
  const { uuid, chance, pick } = texts;
  const { nextRv } = clock;
  const { NODES, PODS } = cluster;
  const { kub, CTRLS, SCHED, KCMU } = users;
  const { nodeStatusBody } = bodies;
  const LE: readonly (readonly [namespace: string, name: string, actor: Actor])[] = [
    ['kube-system', 'kube-controller-manager', KCMU],
    ['kube-system', 'kube-scheduler', { ...SCHED, ua: UA.schedLE }],
    ...CTRLS.map((c) => [c.ns, `${c.name}-leader`, c] as const),
  ];
  return [
    [
      20,
      () => {
        const n = pick(NODES);
        request({
          a: kub(n),
          verb: 'update',
          ref: lease('kube-node-lease', n.name, { uid: n.uid, resourceVersion: nextRv() }),
          q: '?timeout=10s',
        });
      },
    ],
    [
      10,
      () => {
        const [ns, name, a] = pick(LE);
        request({
          a,
          verb: 'update',
          ref: lease(ns, name, { uid: uuid(), resourceVersion: nextRv() }),
          q: '?timeout=5s',
          code: chance(0.01) ? 409 : 200,
        });
      },
    ],
    [
      7,
      () => {
        const [ns, name, a] = pick(LE);
        request({ a, verb: 'get', ref: lease(ns, name), q: '?timeout=5s' });
      },
    ],
    [
      6,
      () => {
        const n = pick(NODES);
        const big = chance(0.15);
        request({
          a: kub(n),
          verb: 'patch',
          ref: { resource: 'nodes', name: n.name, subresource: 'status' },
          q: '?timeout=10s',
          level: big ? 'Request' : 'Metadata',
          req: big ? nodeStatusBody(n) : undefined,
        });
      },
    ],
    [
      6,
      () => {
        const p = pick(PODS);
        request({
          a: kub(p.node),
          verb: 'patch',
          ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: 'status' },
        });
      },
    ],
  ];
}

function lease(namespace: string, name: string, more: Partial<Target> = {}): Target {
  return { resource: 'leases', namespace, name, apiGroup: 'coordination.k8s.io', apiVersion: 'v1', ...more };
}
