import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { DemoCluster } from './demo-cluster.ts';

const root = join(import.meta.dirname, '../..');

/** Installs the CRDs and the base, as the README says, with the AuditSource pointed at the cluster's log. */
export async function install(cluster: Pick<DemoCluster, 'kubectl' | 'auditLog'>, directory: string): Promise<string> {
  await cluster.kubectl(['apply', '-k', join(root, 'crds')]);
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd', ...CRDS]);
  const overlay = join(directory, 'overlay');
  mkdirSync(overlay, { recursive: true });
  writeFileSync(join(overlay, 'kustomization.yaml'), kustomization(relative(overlay, root), cluster.auditLog));
  const { stdout } = await cluster.kubectl(['apply', '-k', overlay]);
  return stdout;
}

export const CRDS = ['alerts', 'auditsources', 'detectionfilters', 'detectionrules'].map(
  (plural) => `${plural}.detection.sigma-operator.dev`,
);

function kustomization(checkout: string, auditLog: string): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ${join(checkout, 'manifests/base')}
patches:
  - target: {kind: AuditSource, name: kube-apiserver}
    patch: |
      - op: replace
        path: /spec/file/path
        value: ${JSON.stringify(auditLog)}
`;
}
