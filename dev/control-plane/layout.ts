import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the files of one control plane are. */
export interface Layout {
  readonly directory: string;
  readonly etcdData: string;
  /** kube-apiserver writes its self-signed certificate here, and finds it again when it is restarted. */
  readonly certificates: string;
  /** The serving certificate with its authority: what clients trust. */
  readonly certificateAuthority: string;
  readonly serviceAccountPublicKey: string;
  readonly serviceAccountPrivateKey: string;
  readonly tokens: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
  readonly kubeconfigs: string;
  readonly kubectlCache: string;
  /** For a PATH: a kubectl that needs no flags. */
  readonly programs: string;
  /** Stays empty. */
  readonly flexVolumes: string;
}

/** Creates the folders. `auditDirectory` (default: one inside) holds the audit log and its backups and nothing else. */
export function createLayout(directory: string, auditDirectory = join(directory, 'audit')): Layout {
  const layout: Layout = {
    directory,
    etcdData: join(directory, 'etcd'),
    certificates: join(directory, 'certificates'),
    certificateAuthority: join(directory, 'certificates', 'apiserver.crt'),
    serviceAccountPublicKey: join(directory, 'service-account.pub'),
    serviceAccountPrivateKey: join(directory, 'service-account.key'),
    tokens: join(directory, 'tokens.csv'),
    auditPolicy: join(directory, 'audit-policy.yaml'),
    auditLog: join(auditDirectory, 'audit.log'),
    kubeconfigs: join(directory, 'kubeconfigs'),
    kubectlCache: join(directory, 'kubectl-cache'),
    programs: join(directory, 'bin'),
    flexVolumes: join(directory, 'flex-volumes'),
  };
  for (const folder of [
    layout.certificates,
    auditDirectory,
    layout.kubeconfigs,
    layout.kubectlCache,
    layout.programs,
  ]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return layout;
}
