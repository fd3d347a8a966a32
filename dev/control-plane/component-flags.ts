import { type AuditOptions, auditFlags } from './audit-options.ts';
import type { Layout } from './layout.ts';

/** The ports of one control plane, all on 127.0.0.1. */
export interface Ports {
  readonly apiServer: number;
  readonly etcdClients: number;
  readonly etcdPeers: number;
}

/** etcd with one member. Its data is thrown away with the control plane, so it need not wait for the disk. */
export function etcdFlags(layout: Layout, ports: Ports): readonly string[] {
  const clients = loopbackUrl('http', ports.etcdClients);
  const peers = loopbackUrl('http', ports.etcdPeers);
  return [
    '--name=control-plane',
    `--data-dir=${layout.etcdData}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=control-plane=${peers}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/** kube-apiserver with RBAC, static tokens and the audit log. `extra` comes last, so that it wins. */
export function apiServerFlags(
  layout: Layout,
  ports: Ports,
  audit: AuditOptions,
  extra: readonly string[],
): readonly string[] {
  return [
    `--etcd-servers=${loopbackUrl('http', ports.etcdClients)}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // The Service `kubernetes` has no use here, and its Endpoints may not name a loopback address.
    '--endpoint-reconciler-type=none',
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${layout.certificates}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${layout.tokens}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${layout.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${layout.serviceAccountPrivateKey}`,
    '--allow-privileged=true',
    // Without it, an orderly stop waits for a minute as long as anybody watches anything.
    '--shutdown-watch-termination-grace-period=500ms',
    `--audit-policy-file=${layout.auditPolicy}`,
    `--audit-log-path=${layout.auditLog}`,
    ...auditFlags(audit),
    ...extra,
  ];
}

/** kube-controller-manager, one, without a port of its own. `extra` comes last, so that it wins. */
export function controllerManagerFlags(
  layout: Layout,
  kubeconfig: string,
  extra: readonly string[],
): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${layout.serviceAccountPrivateKey}`,
    `--root-ca-file=${layout.certificateAuthority}`,
    '--leader-elect=false',
    '--secure-port=0',
    // The default is a folder of the machine, which it would create.
    `--flex-volume-plugin-dir=${layout.flexVolumes}`,
    // The default of 20 requests a second makes the start three times as long.
    '--kube-api-qps=1000',
    '--kube-api-burst=1000',
    ...extra,
  ];
}

export function loopbackUrl(scheme: 'http' | 'https', port: number): string {
  return `${scheme}://127.0.0.1:${port}`;
}
