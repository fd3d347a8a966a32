import { dump } from 'js-yaml';
import type { WebhookConfig } from '../../audit/index.ts';

/** The kubeconfig as YAML; the flags stand in front of it, as comments, so that the whole is the file. */
export function webhookConfigText({ kubeconfig, flags }: WebhookConfig): string {
  const width = Math.max(...flags.map(({ name, value }) => name.length + value.length));
  const lines = flags.map(({ name, value, why }) => `#   --${`${name}=${value}`.padEnd(width + 1)}  ${why}`);
  return `# How kube-apiserver delivers its audit events; made by sigma-operator webhook-config. Holds no secret.
# Flags of kube-apiserver:
${lines.join('\n')}
${dump(kubeconfig, { lineWidth: -1 })}`;
}
