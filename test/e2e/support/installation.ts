import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ControlPlane } from '../../../dev/control-plane/index.ts';
import { ROOT } from './bundle.ts';

/** Installs as the README says: the CRDs, then the base in an overlay that names the control plane's audit log. */
export async function install(plane: ControlPlane): Promise<void> {
  await plane.kubectl(['apply', '-k', join(ROOT, 'crds')]);
  await plane.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'customresourcedefinitions', '--all']);
  const overlay = join(plane.directory, 'overlay');
  mkdirSync(overlay);
  writeFileSync(join(overlay, 'kustomization.yaml'), kustomization(relative(overlay, ROOT), plane.auditLog));
  await plane.kubectl(['apply', '-k', overlay]);
}

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
