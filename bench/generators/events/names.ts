// What the objects and clients of the cluster are called.
import { TEAMS } from '../teams.ts';

export const NS = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'default',
  'monitoring',
  'logging',
  'cert-manager',
  'ingress-nginx',
  'argocd',
  'flux-system',
  'istio-system',
  'gatekeeper-system',
  ...TEAMS.flatMap((t) => [`${t}-prod`, `${t}-staging`]),
];
export const APPNS = NS.slice(12);
export const APPS = [
  'api',
  'worker',
  'web',
  'cron',
  'gateway',
  'indexer',
  'consumer',
  'scheduler',
  'redis',
  'postgres',
];
export const CONFIGMAPS = [
  'kube-root-ca.crt',
  'app-config',
  'feature-flags',
  'istio-ca-root-cert',
  'extension-apiserver-authentication',
];
export const SECRETS = [
  'db-credentials',
  'tls-cert',
  'registry-pull',
  'api-token',
  'sh.helm.release.v1.app.v12',
  'oauth-client',
];
export const HUMANS = [
  'alice@example.com',
  'bob@example.com',
  'carol@example.com',
  'dave@example.com',
  'erin@example.com',
  'mallory@example.com',
  'frank@example.com',
  'grace@example.com',
];
export const KVER = 'v1.31.4';
const COMMIT = 'a78aa47';
export const UA = {
  kubelet: `kubelet/${KVER} (linux/amd64) kubernetes/${COMMIT}`,
  kcm: (c: string) => `kube-controller-manager/${KVER} (linux/amd64) kubernetes/${COMMIT}/${c}`,
  sched: `kube-scheduler/${KVER} (linux/amd64) kubernetes/${COMMIT}/scheduler`,
  schedLE: `kube-scheduler/${KVER} (linux/amd64) kubernetes/${COMMIT}/leader-election`,
  proxy: `kube-proxy/${KVER} (linux/amd64) kubernetes/${COMMIT}`,
  apiserver: `kube-apiserver/${KVER} (linux/amd64) kubernetes/${COMMIT}`,
};
export const KUBECTL = [
  'kubectl/v1.31.2 (darwin/arm64) kubernetes/5864a46',
  'kubectl/v1.30.6 (linux/amd64) kubernetes/00f20d4',
  'kubectl/v1.29.3 (windows/amd64) kubernetes/6813625',
  'k9s/v0.32.5 (darwin/arm64) kubernetes/$Format',
  'Lens/2024.11.261604',
  'Helm/3.16.3',
];
/** Service accounts: namespace, name, user agent. */
export const CTRL: readonly (readonly [namespace: string, name: string, userAgent: string])[] = [
  ['argocd', 'argocd-application-controller', 'argocd-application-controller/v2.13.1 (linux/amd64) kubernetes/$Format'],
  ['argocd', 'argocd-server', 'argocd-server/v2.13.1 (linux/amd64) kubernetes/$Format'],
  ['flux-system', 'kustomize-controller', 'kustomize-controller/v1.4.0'],
  ['flux-system', 'helm-controller', 'helm-controller/v1.1.0'],
  ['cert-manager', 'cert-manager', 'cert-manager-certificates-trigger/v1.16.2 (linux/amd64) cert-manager/9be1b8b'],
  ['cert-manager', 'cert-manager-cainjector', 'cainjector/v1.16.2 (linux/amd64) cert-manager/9be1b8b'],
  ['monitoring', 'prometheus-k8s', 'Prometheus/2.55.1'],
  ['monitoring', 'kube-state-metrics', 'kube-state-metrics/v2.14.0 (linux/amd64) kubernetes/$Format'],
  ['istio-system', 'istiod', 'pilot-discovery/1.24.1'],
  ['ingress-nginx', 'ingress-nginx', 'nginx-ingress-controller/v1.11.3 (linux/amd64) ingress-nginx/0106de65cf'],
  ['gatekeeper-system', 'gatekeeper-admin', 'gatekeeper/v3.17.1 (linux/amd64) 6be8a5a/2024-09-17T22:01:41Z'],
  ['kube-system', 'cluster-autoscaler', 'cluster-autoscaler/v0.0.0 (linux/amd64) kubernetes/$Format/leader-election'],
  ['kube-system', 'aws-node', 'aws-k8s-agent/v1.19.0 (linux/amd64) kubernetes/$Format'],
  ['kube-system', 'ebs-csi-controller-sa', 'csi-provisioner/v0.0.0 (linux/amd64) kubernetes/$Format'],
  ['logging', 'fluent-bit', 'Fluent-Bit'],
  ['kube-system', 'coredns', 'coredns/v1.11.3 (linux/amd64) kubernetes/a6338e9'],
];
export const KCMC = [
  'deployment-controller',
  'replicaset-controller',
  'job-controller',
  'cronjob-controller',
  'endpointslice-controller',
  'endpoint-controller',
  'namespace-controller',
  'service-account-controller',
  'generic-garbage-collector',
  'node-controller',
  'horizontal-pod-autoscaler',
  'resourcequota-controller',
  'statefulset-controller',
  'daemon-set-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'ttl-after-finished-controller',
];

/** The team whose namespace it is. */
export function teamOf(namespace: string): string {
  return namespace.split('-', 1)[0] ?? '';
}
