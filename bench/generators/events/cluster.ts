import { APPNS, APPS, teamOf } from './names.ts';
import type { Texts } from './texts.ts';

export interface ClusterNode {
  readonly name: string;
  readonly ip: string;
  readonly uid: string;
}

export interface Deployment {
  readonly ns: string;
  readonly app: string;
  readonly rs: string;
  readonly uid: string;
  readonly rsuid: string;
}

export interface Pod {
  readonly d: Deployment;
  readonly ns: string;
  readonly name: string;
  readonly uid: string;
  readonly node: ClusterNode;
}

/** The objects of a cluster. */
export type Cluster = ReturnType<typeof cluster>;

export function cluster({ sfx, uuid, pick }: Texts) {
  const NODES: readonly ClusterNode[] = Array.from({ length: 60 }, (_, i) => {
    const ip = `10.0.${16 + (i >> 4)}.${10 + ((i * 3) % 240)}`;
    return { name: `ip-${ip.replace(/\./g, '-')}.eu-west-1.compute.internal`, ip, uid: uuid() };
  });
  const DEPLOYS: readonly Deployment[] = APPNS.flatMap((ns) =>
    APPS.map((a) => ({ ns, app: `${teamOf(ns)}-${a}`, rs: sfx(10), uid: uuid(), rsuid: uuid() })),
  );
  const SYSDEPLOYS: readonly Deployment[] = (
    [
      ['kube-system', 'coredns'],
      ['kube-system', 'metrics-server'],
      ['monitoring', 'prometheus'],
      ['monitoring', 'grafana'],
      ['cert-manager', 'cert-manager'],
      ['ingress-nginx', 'ingress-nginx-controller'],
      ['argocd', 'argocd-server'],
      ['istio-system', 'istiod'],
      ['gatekeeper-system', 'gatekeeper-audit'],
      ['logging', 'fluent-bit'],
    ] as const
  ).map(([ns, app]) => ({ ns, app, rs: sfx(10), uid: uuid(), rsuid: uuid() }));
  const ALLD = [...DEPLOYS, ...SYSDEPLOYS];
  const PODS: readonly Pod[] = ALLD.flatMap((d) =>
    Array.from({ length: 3 }, () => ({
      d,
      ns: d.ns,
      name: `${d.app}-${d.rs}-${sfx(5)}`,
      uid: uuid(),
      node: pick(NODES),
    })),
  );
  const CRONJOBS = APPNS.map((ns) => ({ ns, name: `${teamOf(ns)}-nightly`, uid: uuid() }));
  return { NODES, DEPLOYS, ALLD, PODS, CRONJOBS };
}
