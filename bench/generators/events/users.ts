import { TEAMS } from '../teams.ts';
import type { Cluster, ClusterNode, Pod } from './cluster.ts';
import { CTRL, HUMANS, KCMC, KUBECTL, UA } from './names.ts';
import type { Texts } from './texts.ts';

/** `UserInfo` of `authentication.k8s.io`. */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Who sends requests, from where, with which client. */
export interface Actor {
  readonly user: User;
  readonly ip: string;
  readonly ua: string;
}

export interface Controller extends Actor {
  readonly ns: string;
  readonly name: string;
}

/** All who use the cluster. */
export type Users = ReturnType<typeof users>;

export const ANON = { user: { username: 'system:anonymous', groups: ['system:unauthenticated'] } };

export function users(texts: Texts, { NODES, PODS }: Cluster) {
  const { hex, uuid, pick, chance, int, sfx } = texts;
  const credential = (id: string) => ({ 'authentication.kubernetes.io/credential-id': [id] });
  const certificate = () => credential(`X509SHA256=${hex(64)}`);
  const kubelets = new Map(
    NODES.map((n): [ClusterNode, User] => {
      // The first certificate was replaced.
      hex(64);
      return [
        n,
        { username: `system:node:${n.name}`, groups: ['system:nodes', 'system:authenticated'], extra: certificate() },
      ];
    }),
  );
  const kub = (n: ClusterNode): Actor => {
    const user = kubelets.get(n);
    if (user === undefined) throw new Error(`no kubelet on ${n.name}`);
    return { user, ip: n.ip, ua: UA.kubelet };
  };
  const sa = (ns: string, name: string, pod?: Pick<Pod, 'node' | 'name' | 'uid'>): User => ({
    username: `system:serviceaccount:${ns}:${name}`,
    uid: uuid(),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${ns}`, 'system:authenticated'],
    extra: {
      ...credential(`JTI=${uuid()}`),
      ...(pod && {
        'authentication.kubernetes.io/node-name': [pod.node.name],
        'authentication.kubernetes.io/node-uid': [pod.node.uid],
        'authentication.kubernetes.io/pod-name': [pod.name],
        'authentication.kubernetes.io/pod-uid': [pod.uid],
      }),
    },
  });
  const CTRLS: readonly Controller[] = CTRL.map(([ns, name, ua]) => {
    const nd = pick(NODES);
    return {
      ns,
      name,
      ua,
      ip: nd.ip,
      user: sa(ns, name, { node: nd, name: `${name}-${sfx(10)}-${sfx(5)}`, uid: uuid() }),
    };
  });
  const KCMS = KCMC.map((c) => ({
    c,
    ua: UA.kcm(`system:serviceaccount:kube-system:${c}`),
    user: sa('kube-system', c),
    ip: '10.0.0.11',
  }));
  const controller = (name: string): Controller => {
    const found = CTRLS.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no controller ${name}`);
    return found;
  };
  const kcm = (c: string): Actor => {
    const found = KCMS.find((one) => one.c === c);
    if (found === undefined) throw new Error(`no controller ${c}`);
    return found;
  };
  const SCHED: Actor = {
    ua: UA.sched,
    user: {
      username: 'system:kube-scheduler',
      groups: ['system:authenticated'],
      extra: certificate(),
    },
    ip: '10.0.0.11',
  };
  const KCMU: Actor = {
    ua: UA.kcm('leader-election'),
    user: {
      username: 'system:kube-controller-manager',
      groups: ['system:authenticated'],
      extra: certificate(),
    },
    ip: '10.0.0.11',
  };
  const APIS: Actor = {
    ua: UA.apiserver,
    user: { username: 'system:apiserver', uid: uuid(), groups: ['system:authenticated', 'system:masters'] },
    ip: '::1',
  };
  const PODSA = PODS.filter(() => chance(0.3)).map((p) => ({
    user: sa(p.ns, p.d.app, p),
    ip: `100.64.${int(250)}.${2 + int(250)}`,
    ua: pick([
      'Go-http-client/2.0',
      'OpenAPI-Generator/31.0.0/python',
      'kubernetes-fluent-client',
      'Kubernetes Java Client/21.0.1',
      'fabric8-kubernetes-client/6.13.4',
      'okhttp/4.12.0',
    ]),
    pod: p,
  }));
  const HUM = HUMANS.map((h) => ({
    user: {
      username: `oidc:${h}`,
      groups: [
        `oidc:${pick(TEAMS)}-dev`,
        h.startsWith('alice') ? 'oidc:cluster-admins' : 'oidc:developers',
        'system:authenticated',
      ],
      extra: credential(`JTI=${uuid()}`),
    },
    ip: pick(['203.0.113.', '198.51.100.', '192.0.2.']) + (2 + int(250)),
  }));
  const human = (): Actor => {
    const h = pick(HUM);
    return { user: h.user, ip: chance(0.9) ? h.ip : `185.220.101.${int(250)}`, ua: pick(KUBECTL) };
  };
  return { kub, CTRLS, controller, KCMS, kcm, SCHED, KCMU, APIS, PODSA, human };
}
