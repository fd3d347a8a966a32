import { posix } from 'node:path';
import { InvalidWebhook, type WebhookConfig, webhookConfig } from '../../audit/index.ts';
import { CommandFailure } from '../failure.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import type { Terminal } from '../output/terminal.ts';
import { webhookConfigText } from './webhook-config-text.ts';

export interface WebhookConfigFlags {
  readonly server: string;
  readonly source: string;
  readonly apiServer?: string;
  readonly directory: string;
  readonly authenticate: 'token' | 'certificate';
  readonly format: 'yaml' | 'flags' | 'json';
}

/** Prints what kube-apiserver needs. Throws a CommandFailure. */
export function runWebhookConfig(flags: WebhookConfigFlags, { out }: Terminal): ExitStatus {
  const config = configOf(flags);
  if (flags.format === 'json') out.write(`${safeJsonIndented(config)}\n`);
  else if (flags.format === 'flags') for (const { name, value } of config.flags) out.write(`--${name}=${value}\n`);
  else out.write(webhookConfigText(config));
  return EXIT.clean;
}

function configOf({ server, source, apiServer, directory, authenticate }: WebhookConfigFlags): WebhookConfig {
  const file = (name: string): string => posix.join(directory, name);
  // They stand in a kubeconfig and in flags, where no other path would be understood.
  if (!/^\/[\w./@+-]*$/.test(directory))
    throw new CommandFailure('InvalidWebhook', directory, 'The directory is no absolute path of plain characters.');
  try {
    return webhookConfig({
      server,
      source,
      origin: apiServer,
      caFile: file('ca.crt'),
      configFile: file('webhook.yaml'),
      credentials:
        authenticate === 'token'
          ? { tokenFile: file('token') }
          : { certFile: file('tls.crt'), keyFile: file('tls.key') },
    });
  } catch (error) {
    if (error instanceof InvalidWebhook) throw new CommandFailure('InvalidWebhook', error.value, error.message);
    throw error;
  }
}
