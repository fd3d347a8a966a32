import { readFileSync } from 'node:fs';

/** An audit.k8s.io/v1 Policy as an object, as YAML text, or in a file. */
export type AuditPolicy =
  | { readonly apiVersion: 'audit.k8s.io/v1'; readonly kind: 'Policy'; readonly rules: readonly object[] }
  | { readonly yaml: string }
  | { readonly file: string };

/** What is audited, and where it goes. */
export interface AuditOptions {
  /** Default: `audit-policy.yaml` in this folder: Metadata, without RequestReceived. */
  readonly policy?: AuditPolicy;
  /** An existing or new folder that keeps the log when the control plane is gone. Default: inside its directory. */
  readonly directory?: string;
  /** Megabytes after which the log is rotated. */
  readonly maxSize?: number;
  /** Rotated logs that are kept. */
  readonly maxBackups?: number;
  /** Whether rotated logs are gzipped. */
  readonly compress?: boolean;
  readonly webhook?: AuditWebhookOptions;
}

interface AuditWebhookOptions {
  /** Path of a kubeconfig that names the receiver. */
  readonly kubeconfig: string;
  /** A Go duration: `1s`. Default: kube-apiserver's, 30 s. */
  readonly batchMaxWait?: string;
  /** Default: kube-apiserver's, 400. */
  readonly batchMaxSize?: number;
}

const DEFAULT_POLICY = new URL('./audit-policy.yaml', import.meta.url);

/** The policy as text that kube-apiserver reads: YAML, or JSON, which is YAML. */
export function auditPolicyText(policy: AuditPolicy | undefined): string {
  if (policy === undefined) {
    return readFileSync(DEFAULT_POLICY, 'utf8');
  }
  if ('yaml' in policy) {
    return policy.yaml;
  }
  return 'file' in policy ? readFileSync(policy.file, 'utf8') : JSON.stringify(policy);
}

/** The flags of kube-apiserver for all but policy and log path. */
export function auditFlags(options: AuditOptions): readonly string[] {
  const { webhook } = options;
  const flags: readonly (readonly [string, string | number | boolean | undefined])[] = [
    ['audit-log-maxsize', options.maxSize],
    ['audit-log-maxbackup', options.maxBackups],
    ['audit-log-compress', options.compress],
    ['audit-webhook-config-file', webhook?.kubeconfig],
    ['audit-webhook-batch-max-wait', webhook?.batchMaxWait],
    ['audit-webhook-batch-max-size', webhook?.batchMaxSize],
  ];
  return flags.filter(([, value]) => value !== undefined).map(([name, value]) => `--${name}=${value}`);
}
