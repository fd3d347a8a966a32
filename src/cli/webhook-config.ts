import { Command, Option } from 'commander';
import { formatOption, runOffline } from './offline-command.ts';
import type { WebhookConfigFlags } from './webhook-config/run-webhook-config.ts';

/** `sigma-operator webhook-config`: how kube-apiserver is to deliver its audit events to the receiver. */
export function webhookConfigCommand(): Command {
  return new Command('webhook-config')
    .description(
      "Print the kubeconfig and the flags with which kube-apiserver's audit webhook delivers to the receiver.",
    )
    .requiredOption('--server <url>', 'the receiver, as https://<host>[:<port>]; its certificate must be for this host')
    .requiredOption('--source <name>', 'the AuditSource')
    .option(
      '--api-server <name>',
      "which API server it is: the name of its node; needed for an AuditSource's backupFor",
    )
    .option('--directory <path>', "where the files are on the API server's machine", '/etc/kubernetes/sigma-operator')
    .addOption(
      new Option('--authenticate <how>', 'by a token, or by a client certificate')
        .choices(['token', 'certificate'])
        .default('token'),
    )
    .addOption(formatOption(['yaml', 'flags', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: WebhookConfigFlags) => {
      await runOffline(async (terminal) => {
        const { runWebhookConfig } = await import('./webhook-config/run-webhook-config.ts');
        return runWebhookConfig(flags, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator webhook-config --server https://10.96.0.50:8443 --source webhook --api-server cp-1 > webhook.yaml
  sigma-operator webhook-config --server https://10.96.0.50:8443 --source webhook --api-server cp-1 -o flags

What is printed names files and holds no secret. Beside webhook.yaml, the directory needs ca.crt (who signed the receiver's
certificate), and token, or tls.crt and tls.key. kube-apiserver uses the network of its host: it cannot resolve the names of
Services, so give the address of the receiver's Service. Step by step: docs/receive-by-webhook.md.

Exit status: 0 printed, 2 bad arguments.`;
